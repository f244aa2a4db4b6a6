// A hostile target gains nothing on the donor. Its output is bounded in bytes and in time, and only lines of a fixed
// form count. The donor's own unit runs against a target that answers as it likes.
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { scriptText } from '../../src/scripts/script.ts';
import { listWords, sendWords } from '../../src/scripts/seed-data-words.ts';
import { wayWords } from '../../src/scripts/seed-way-words.ts';
import { readSent } from '../../src/seed/transfer/sending.ts';

let base: string;
const folder = () => join(base, 'seed');
const work = () => join(base, 'unit', 'work');
const listOf = (root: string, into: string) =>
  listWords({ root, reader: '', folder: into, taskBytes: 40_000, beside: [], patterns: [] });
const sendOf = (compression: 'auto' | 'none', patienceSeconds: number, targets: readonly string[], streams = 1) =>
  sendWords({
    root: join(base, 'data'),
    reader: '',
    folder: folder(),
    streams,
    compression,
    patienceSeconds,
    targets,
  });

beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), 'reseed-hostile-'));
  for (const made of ['data', 'unit', 'seed/way-t1', 'seed/way-t2']) await mkdir(join(base, made), { recursive: true });
  await writeFile(join(base, 'data', 'ibdata1'), 'x'.repeat(100_000));
  await writeFile(join(base, 'data', 'a.ibd'), 'rows');
  const words = ['seed-list.sh', ...listOf(join(base, 'data'), folder())];
  await execa('sh', ['-c', await scriptText('seed-list'), ...words]);
});
afterEach(() => rm(base, { recursive: true, force: true }));

/** What a target does with `$*`, the words after the stream; without any, the call hangs up. */
async function answering(target: string, commands: string): Promise<void> {
  const call = `shift; [ $# -gt 0 ] || exit 0\n${commands}\n`;
  await writeFile(join(folder(), `way-${target}`, 'call'), call);
}
const honest = `case $1 in
landed) ;;
drain) wc -c ;;
*) shift 2; cat >/dev/null; for n in "$@"; do echo "landed $n"; done ;;
esac`;

/** Runs the unit that sends until its end; `patience` in seconds. */
const sending = (patience: number, ...targets: string[]) => sent(sendOf('none', patience, targets));

async function sent(sendWords: readonly string[]) {
  const words = ['seed-send.sh', ...sendWords];
  const { stdout, stderr, timedOut } = await execa('sh', ['-c', await scriptText('seed-send'), ...words], {
    env: { RESEED_FOLDER: join(base, 'unit'), PATH: `${join(base, 'bin')}:${process.env.PATH}` },
    reject: false,
    timeout: 100_000,
    forceKillAfterDelay: 1000,
  });
  expect(timedOut).toBe(false);
  return `${stdout}\n${stderr}`;
}
const endOf = (log: string) => readSent(log.split('\n'), ['t1', 't2']).map(({ lane, why }) => [lane, why]);

/** A tar that ends as on a disk error: it sends zeros, and its exit code says so. */
test('what the donor could not read it sends once more, and tells why where that does not help', async () => {
  await mkdir(join(base, 'bin'));
  const runs = join(base, 'runs');
  const words = `#!/bin/sh\necho >>${runs}\n/usr/bin/env PATH=${process.env.PATH} tar "$@"\necho "a.ibd: Read error" >&2\nexit 2\n`;
  await writeFile(join(base, 'bin', 'tar'), words, { mode: 0o755 });
  await answering('t1', honest);
  expect(endOf(await sending(3, 't1'))).toEqual([['t1', expect.stringContaining('Read error')]]);
  // It waits between two tries, as after each failure.
  expect((await readFile(runs, 'utf8')).length).toBeLessThan(6);
}, 120_000);

/** Bytes that the unit has written of the targets' output. */
async function kept(): Promise<number> {
  const names = await readdir(work());
  const sizes = names
    .filter((name) => /^(said|list|drained)/.test(name))
    .map(async (name) => (await readFile(join(work(), name))).length);
  return (await Promise.all(sizes)).reduce((all, size) => all + size, 0);
}

/** The processes between this one and the call, the unit first: the second keeps up the stream, which is the third. */
const killsItsStream = `above=; at=$$
while [ "$at" != ${process.pid} ] && [ "$at" -gt 1 ]; do above="$at $above"; at=$(cut -d ' ' -f 4 /proc/$at/stat); done
set -- $above
kill -KILL "$3"
exit 1`;

test('a stream that dies, as when memory runs out, leaves its tasks to the others: the copy waited for them without an end', async () => {
  await answering(
    't1',
    `if [ "$1" = tasks ] && mkdir ${join(base, 'once')} 2>/dev/null; then\n${killsItsStream}\nfi\n${honest}`,
  );
  const log = await sent(sendOf('none', 60, ['t1'], 2));
  expect(log).toMatch(/^stream [12] ended early; the others take its tasks$/m);
  expect(endOf(log)).toEqual([['t1', undefined]]);
}, 120_000);

describe('a target', () => {
  test('that is honest gets everything', async () => {
    await answering('t1', honest);
    expect(endOf(await sending(60, 't1'))).toEqual([['t1', undefined]]);
  });

  test.each([
    ['that never ends what has landed', 'yes 1'],
    ['that never ends a line of what has landed', 'yes 1 | tr -d "\\n"'],
    ['that never ends its errors', 'yes no >&2'],
  ])(
    '%s is lost, and fills no memory of the donor',
    async (_, landed) => {
      await answering('t1', `case $1 in landed) ${landed} ;; esac`);
      const [[, why] = []] = endOf(await sending(3, 't1'));
      expect(why).toBeDefined();
      expect(await kept()).toBeLessThan(300_000);
    },
    120_000,
  );

  test('that says of a task without an end that it has landed is read as far as it may, and the copy ends', async () => {
    await answering('t1', honest.replace('for n in', 'yes landed 1 & yes >&2 & sleep 1; kill $! ; for n in'));
    expect(endOf(await sending(3, 't1'))).toHaveLength(1);
    expect(await kept()).toBeLessThan(300_000);
  }, 120_000);

  test.each([
    ['does not answer what has landed', 'case $1 in landed) exec sleep 1000 ;; esac'],
    [
      'answers what has landed a byte a second, without an end',
      'case $1 in landed) while sleep 1; do printf 1; done ;; esac',
    ],
    [
      'says that a task has landed a byte a second, without an end',
      honest.replace('for n in', 'while sleep 1; do printf 1; done; for n in'),
    ],
    ['takes everything, and never says that it has landed', honest.replace('for n in', 'exec sleep 1000; for n in')],
    ['takes nothing', honest.replace('cat >/dev/null', 'exec sleep 1000')],
  ])(
    'that %s is lost, and the other gets everything',
    async (_, commands) => {
      await answering('t1', commands);
      await answering('t2', honest);
      const ends = endOf(await sending(4, 't1', 't2'));
      expect(ends).toEqual([
        ['t1', expect.any(String)],
        ['t2', undefined],
      ]);
    },
    120_000,
  );

  test('whose words have ends of lines and escapes in them writes no line of its own into the log of the donor', async () => {
    const lies = 'landed 1\\nwhole t2\\033[2J';
    await answering(
      't1',
      `case $1 in
landed) ;;
*) cat >/dev/null; printf '%s\\n' 't2 failed ${lies}' 'failed ${lies}'; printf '${lies}\\nwhole t2\\n' >&2; exit 1 ;;
esac`,
    );
    await answering('t2', 'case $1 in landed) ;; *) exit 1 ;; esac');
    await writeFile(join(folder(), 'way-t2', 'behind'), 't1\n');
    const log = await sending(3, 't1', 't2');
    expect(log.split('\n').filter((line) => line.startsWith('whole'))).toEqual([]);
    expect([...log].filter((letter) => letter < ' ' && letter !== '\n')).toEqual([]);
    expect(Math.max(...log.split('\n').map((line) => line.length))).toBeLessThan(400);
  }, 120_000);

  test('that refuses three times with the same words is given up long before one that is away would be', async () => {
    await answering('t1', 'echo "root@10.0.0.5: Permission denied (publickey)." >&2; exit 255');
    const began = Date.now();
    expect(endOf(await sending(600, 't1'))).toEqual([['t1', 'root@10.0.0.5: Permission denied (publickey).']]);
    expect(Date.now() - began).toBeLessThan(90_000);
  }, 120_000);

  test('that says more than numbers where it measures is not calculated with', async () => {
    await answering(
      't1',
      honest.replace('drain) wc -c', 'drain) cat >/dev/null; echo zstd; echo "x=\\$(id >/tmp/reseed-test-attack)"'),
    );
    const words = ['seed-send.sh', ...sendOf('auto', 30, ['t1'])];
    const { stdout } = await execa('sh', ['-c', await scriptText('seed-send'), ...words], {
      env: { RESEED_FOLDER: join(base, 'unit') },
    });
    expect(endOf(stdout)).toEqual([['t1', undefined]]);
  });
});

test('a name that can not be copied is reported unchanged, with ? only for control characters', async () => {
  const odd = join(base, 'odd');
  await mkdir(odd);
  for (const [name, told] of [
    ['a link', './a link'],
    ['two\nlines', './two?lines'],
  ] as const) {
    await symlink('nowhere', join(odd, name));
    const words = ['-c', await scriptText('seed-list'), 'seed-list.sh', ...listOf(odd, join(base, 'listed'))];
    const { exitCode, stderr } = await execa('sh', words, { reject: false });
    expect({ exitCode, stderr }).toMatchObject({
      exitCode: 3,
      stderr: expect.stringContaining(`${told} can't be copied`),
    });
    await rm(join(odd, name));
  }
});

test('what a target says to a question of the donor is short, and printable', async () => {
  await answering('t1', 'head -c 1000000 /dev/zero; yes no >&2');
  const words = ['seed-way.sh', ...wayWords('prove', folder(), { target: 't1' })];
  const { exitCode, stderr } = await execa('sh', ['-c', await scriptText('seed-way'), ...words], { reject: false });
  expect(exitCode).toBe(1);
  expect(stderr.length).toBeLessThan(1000);
});
