// Hostile ends of a delta: a donor that writes pages by hand into seed-receive.sh, and a target whose sums are not sums.
// A donor gains nothing beyond the data; a target decides only what is sent to it.
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { scriptText } from '../../src/scripts/script.ts';
import { listWords, sendWords } from '../../src/scripts/seed-data-words.ts';
import { readSent } from '../../src/seed/transfer/sending.ts';
import { type Receiving, receiving } from './receiving.ts';

const pageBytes = 16_384;
/** Each has a sum. */
const blockBytes = 2048;
/** A run of blocks, as seed-send.sh sends it. `block`: its number in the task. */
function run(block: number, count: number, text = 'x'.repeat(count * blockBytes)): Buffer {
  const head = Buffer.alloc(8);
  head.writeUInt32BE(block, 0);
  head.writeUInt32BE(count, 4);
  return Buffer.concat([head, Buffer.from(text)]);
}
const endOf = (task: number) => run(0xffff_ffff, task, '');
/** The length of a line with so many sums. */
function lineLength(sums: number): number {
  const [whole, rest] = [Math.floor((4 * sums) / 63), (4 * sums) % 63];
  return 1 + 85 * whole + (rest === 0 ? 0 : 1 + 4 * Math.ceil(rest / 3));
}

describe('a donor', () => {
  let target: Receiving;
  const arrived = (name: string) => readFile(join(target.arriving, name), 'utf8');
  beforeEach(async () => {
    target = await receiving('pages');
    await target.list([
      '0\td\t750\t0\t0\tshop',
      `1\tf\t640\t0\t${2 * pageBytes + 9}\tshop/a.ibd`,
      `1\tf\t640\t0\t${pageBytes}\tshop/b.ibd`,
      `2\tr\t640\t0\t${pageBytes}\tibdata1`,
      `3\tr\t640\t${pageBytes}\t${pageBytes}\tibdata1`,
      `end\t3\t3\t${5 * pageBytes + 9}`,
    ]);
    await target.asAccount(
      `mkdir shop; head -c ${2 * pageBytes + 9} /dev/zero | tr '\\0' o >shop/a.ibd; echo secret >only-here`,
    );
  });
  afterEach(() => target.end());

  test('is told the sums of all pages, and its pages land where they belong', async () => {
    const told = await target.sent('basis 1 2', '');
    // Two pages of the first file and a part of one, and one page of each other.
    expect(told.stdout.split('\n').map((line) => line.length)).toEqual([17, 8, 8].map(lineLength));
    const { stdout, exitCode } = await target.sent(
      'pages none 1 2',
      Buffer.concat([run(16, 1, 'last part'), run(17, 8), endOf(1), endOf(2)]),
    );
    expect({ stdout, exitCode }).toEqual({ stdout: 'landed 1\nlanded 2', exitCode: 0 });
    expect(await arrived('shop/a.ibd')).toBe(`${'o'.repeat(2 * pageBytes)}last part`);
    expect(await arrived('shop/b.ibd')).toBe('x'.repeat(pageBytes));
  });

  describe('reads nothing of the old data but whole pages of tables', () => {
    const zeros = (bytes: number) => '\0'.repeat(bytes);
    test.each([
      ['a file with a password', 'master.info', 'hunter2!'.repeat(2048), pageBytes],
      ['the key of its server', 'server-key.pem', 'hunter2!'.repeat(2048), pageBytes],
      ['the first bytes of a table', 'shop/a.ibd', 'hunter2!'.repeat(2048), 8],
      ['more of a table than its last page has', 'shop/a.ibd', 'hunter2!', pageBytes],
    ])('%s', async (_, path, text, bytes) => {
      const files = [path, 'zeros'].map((name) => `1\tf\t640\t0\t${bytes}\t${name}`);
      await target.list(['0\td\t750\t0\t0\tshop', ...files, `end\t1\t2\t${2 * bytes}`]);
      await target.asAccount(`mkdir -p shop; printf %s '${text}' >${path}`);
      const { stdout, exitCode } = await target.sent('basis 1', '');
      const [told, ofZeros] = stdout.split('\n');
      expect({ told, exitCode }).toEqual({ told: ofZeros, exitCode: 0 });
      expect(await arrived(path)).toBe(zeros(bytes));
    });

    test('not by another list of the same seed, which has a part of what is there by now', async () => {
      await target.list([`1\tf\t640\t0\t${pageBytes}\tibdata1`, `end\t1\t1\t${pageBytes}`]);
      await target.asAccount(`head -c ${pageBytes} /dev/zero | tr '\\0' o >ibdata1`);
      await target.sent('basis 1', '');
      await target.list(['1\tf\t640\t0\t8\tibdata1', '1\tf\t640\t0\t8\tzeros', 'end\t1\t2\t16']);
      const [told, ofZeros] = (await target.sent('basis 1', '')).stdout.split('\n');
      expect(told).toBe(ofZeros);
    });

    test('nor takes a file of it before the operator gave it up, and its server is down', async () => {
      const other = await receiving('taken-pages');
      try {
        await other.list([`1\tf\t640\t0\t${pageBytes}\tibdata1`, `end\t1\t1\t${pageBytes}`]);
        await other.asAccount(`head -c ${pageBytes} /dev/zero >ibdata1; echo >server.log`);
        expect(await other.sent('basis 1', '')).toMatchObject({
          exitCode: 3,
          stderr: expect.stringContaining('is not given up'),
        });
        expect(await readdir(join(other.base, 'data'))).toEqual(expect.arrayContaining(['ibdata1', 'server.log']));
      } finally {
        await other.end();
      }
    });

    describe('nor takes a file of old data that was given up', () => {
      let other: Receiving;
      const datadir = () => join(other.base, 'data');
      const basis = () => other.sent('basis 1', '');
      beforeEach(async () => {
        other = await receiving('taken-pages');
        await other.list([`1\tf\t640\t0\t${pageBytes}\tibdata1`, `end\t1\t1\t${pageBytes}`]);
        await other.asAccount(`head -c ${2 * pageBytes} /dev/zero >ibdata1; touch -d @1000000000 ibdata1`);
        await writeFile(join(other.stage, 'phase'), 'new\n');
        await writeFile(join(other.stage, 'lent'), 'ibdata1\0own.ibd\0');
      });
      afterEach(() => other.end());
      const expectUntouched = async () => {
        expect((await stat(join(datadir(), 'ibdata1'))).size).toBe(2 * pageBytes);
        expect(await readFile(join(other.stage, 'phase'), 'utf8')).toBe('new\n');
      };

      test.each(['dump.sql', 'undo_001', 'shop/orders.ibd'])('where %s came since', async (name) => {
        await other.asAccount(`mkdir shop; echo precious >${name}`);
        const why = expect.stringContaining(`has a file that was not there when it was given up: ${name}.`);
        expect(await basis()).toMatchObject({ exitCode: 3, stderr: why });
        expect(await readFile(join(datadir(), name), 'utf8')).toBe('precious\n');
        await expectUntouched();
      });

      test('where its server, which was down in the plan, has written since', async () => {
        await writeFile(join(other.stage, 'changed'), '999999999\n');
        const why = expect.stringContaining('was changed since the plan: ibdata1');
        expect(await basis()).toMatchObject({ exitCode: 3, stderr: why });
        await expectUntouched();
      });

      test('that was in no list: a log that was rotated since stays, and the rest is taken', async () => {
        await other.asAccount('echo >db3.err.1; echo >own.ibd');
        expect((await basis()).exitCode).toBe(0);
        expect((await readdir(datadir())).filter((name) => !name.startsWith('.'))).toEqual(['db3.err.1']);
      });
    });

    test('no page that begins elsewhere', async () => {
      const rest = 2 * pageBytes - 8;
      await target.list([`1\tr\t640\t0\t8\tibdata1`, `2\tr\t640\t8\t${rest}\tibdata1`, `end\t2\t1\t${2 * pageBytes}`]);
      await target.asAccount(`head -c ${2 * pageBytes} /dev/zero | tr '\\0' o >ibdata1`);
      const { stdout, stderr, exitCode } = await target.sent('basis 2', '');
      expect({ stdout, stderr, exitCode }).toEqual({
        stdout: '',
        stderr: 'ibdata1: a range that begins within a page',
        exitCode: 1,
      });
    });

    test('and nothing at all in a seed that is no delta', async () => {
      const other = await receiving();
      try {
        await other.list([`1\tf\t640\t0\t${pageBytes}\tibdata1`, `end\t1\t1\t${pageBytes}`]);
        for (const words of ['basis 1', 'pages none 1']) {
          expect(await other.sent(words, '')).toMatchObject({
            exitCode: 3,
            stderr: expect.stringContaining('compares no old data'),
          });
        }
      } finally {
        await other.end();
      }
    });
  });

  test.each([
    ['pages that the task does not have', [run(25, 1), endOf(1)]],
    ['a run over the end of a file', [run(16, 2), endOf(1)]],
    ['the same page twice', [run(1, 1), run(1, 1), endOf(1)]],
    ['pages out of their turn', [run(3, 1), run(0, 1), endOf(1)]],
    ['no page', [run(0, 0, ''), endOf(1)]],
    ['more than a run has', [run(0, 513), endOf(1)]],
    ['the number of another task', [endOf(2)]],
    ['too little', [run(0, 1).subarray(0, 1000)]],
    ['nothing', []],
  ])('that sends %s has not sent the task', async (_, parts) => {
    await target.sent('basis 1', '');
    const { exitCode, stderr } = await target.sent('pages none 1', Buffer.concat(parts));
    expect({ exitCode, stderr }).toEqual({ exitCode: 1, stderr: expect.stringMatching(/^task 1 came /) });
    expect(await readdir(join(target.known, 'landed'))).toEqual([]);
    expect((await arrived('shop/a.ibd')).length).toBe(2 * pageBytes + 9);
  });

  test('that sends pages before it asked for the sums writes no file', async () => {
    const { exitCode } = await target.sent('pages none 1', Buffer.concat([run(0, 1), endOf(1)]));
    expect(exitCode).toBe(1);
    expect(await readdir(join(target.arriving, 'shop'))).toEqual([]);
  });

  test.each(['basis', 'basis ../1', 'basis 4', 'basis 1 x', 'pages none', 'pages none 1;id', 'pages none 4'])(
    'that says %s is refused',
    async (words) => {
      expect(await target.sent(words, '')).toMatchObject({ exitCode: 3, stdout: '' });
      expect(await readdir(target.arriving)).toEqual(['shop']);
    },
  );

  test('writes through no link that the account has laid in the new data, with more than its rights', async () => {
    const outside = join(target.base, 'root-only');
    await writeFile(outside, 'of root', { mode: 0o600 });
    await execa('ln', ['-s', outside, join(target.arriving, 'ibdata1')]);
    expect((await target.sent('basis 2', '')).exitCode).toBe(1);
    expect((await target.sent('pages none 2', Buffer.concat([run(0, 1), endOf(2)]))).exitCode).toBe(1);
    expect(await readFile(outside, 'utf8')).toBe('of root');
  });

  test('gets nothing of what the target has under names that are not listed', async () => {
    const told = await target.sent('basis 1 2 3', '');
    expect(told.stdout).toMatch(/^(=[!-`]+\n?){4}$/);
    expect(await readdir(target.arriving)).toEqual(['ibdata1', 'shop']);
  });
});

describe('a target', () => {
  let base: string;
  const folder = () => join(base, 'seed');
  beforeEach(async () => {
    base = await mkdtemp(join(tmpdir(), 'reseed-hostile-'));
    for (const made of ['data', 'unit', 'seed/way-t1']) await mkdir(join(base, made), { recursive: true });
    await writeFile(join(base, 'data', 'ibdata1'), 'x'.repeat(100_000));
    const listed = {
      root: join(base, 'data'),
      reader: '',
      folder: folder(),
      taskBytes: 40_000,
      beside: [],
      patterns: [],
    };
    await execa('sh', ['-c', await scriptText('seed-list'), 'seed-list.sh', ...listWords(listed)]);
  });
  afterEach(() => rm(base, { recursive: true, force: true }));

  /** Runs the unit that sends; `basis`: what the target does when it is asked for the sums of `$*`. */
  async function sending(basis: string): Promise<string> {
    const takes = 'shift 2; cat >/dev/null; for n in "$@"; do echo "landed $n"; done';
    const call = `shift; [ $# -gt 0 ] || exit 0\ncase $1 in\nlanded) ;;\nbasis) shift; ${basis} ;;\n*) ${takes} ;;\nesac\n`;
    await writeFile(join(folder(), 'way-t1', 'call'), call);
    const sent = { root: join(base, 'data'), reader: '', folder: folder(), streams: 1, patienceSeconds: 3 };
    const words = sendWords({ ...sent, compression: 'none', onlyUnequal: true, targets: ['t1'] });
    const { stdout, stderr, timedOut } = await execa(
      'sh',
      ['-c', await scriptText('seed-send'), 'seed-send.sh', ...words],
      {
        env: { RESEED_FOLDER: join(base, 'unit') },
        reject: false,
        timeout: 100_000,
        forceKillAfterDelay: 1000,
      },
    );
    expect(timedOut).toBe(false);
    return `${stdout}\n${stderr}`;
  }
  const why = (log: string) => readSent(log.split('\n'), ['t1'])[0]?.why;
  /** A line for each range of 40,000 bytes: 20 sums; the last one has 10. `four`: 3 bytes, which the form has as 4 characters. */
  const lines = (four: string) => {
    const text = (bytes: number) =>
      `=${bytes > 63 ? `_${four.repeat(21)}` : ''}${String.fromCharCode(32 + (bytes % 63))}${four.repeat(Math.ceil((bytes % 63) / 3))}`;
    return `for n in "$@"; do case $n in 3) echo '${text(40)}' ;; *) echo '${text(80)}' ;; esac; done`;
  };

  test('that tells sums in their form gets what they ask for', async () => {
    const log = await sending(lines('0000'));
    expect(why(log)).toBeUndefined();
    expect(log).toContain('pages 0+100000');
  });

  test.each([
    ['no sums', 'true'],
    ['too few', 'echo 00'],
    ['sums that never end', 'yes 0123456789abcdef'],
    ['a line that never ends', 'yes | tr -d "\\n"'],
    ['what is of no such form', lines('aaaa')],
    ['escape sequences', "printf '\\033]0;x\\007'"],
    ['lines of another length', lines('0000').replace('0000', '')],
    ['more than there are pages', `${lines('0000')}; echo more`],
  ])('that tells %s is lost, and what it said fills no memory of the donor', async (_, basis) => {
    const log = await sending(basis);
    expect(why(log)).toBeDefined();
    expect(log).not.toContain('\u001b');
    const kept = await execa('du', ['-sb', join(base, 'unit')]);
    expect(Number.parseInt(kept.stdout, 10)).toBeLessThan(500_000);
  });
});
