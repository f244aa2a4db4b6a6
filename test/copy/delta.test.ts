// The copy of a seed that compares with the target's old data, with real parts except LVM: what arrives, what is sent
// for it, and what becomes of old data that is not as it should be.
import { appendFile, open, readdir, rename, rm, stat, symlink, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { deltaOfStopped } from '../../src/seed/methods/delta/delta.ts';
import { type Copying, copying } from './copying.ts';
import { bytesOnDisk, fill, fillWithHoles } from './filling.ts';
import { expectWhole, instead, onceBefore, processesWith, workOf } from './looking.ts';
import { account } from './staging.ts';

const longMs = 120_000;
const mebibyte = 1024 ** 2;
let copy: Copying;
afterEach(() => copy.end());

/** A donor, and a target that was copied from it earlier. */
async function diverged(more: Parameters<typeof copying>[1] = {}): Promise<Copying> {
  copy = await copying(['t1'], { method: deltaOfStopped, ...more });
  await fill(copy.donor);
  // Node's own cp knows no names that are not UTF-8.
  await execa('cp', ['-a', `${copy.donor}/.`, copy.datadir('t1')]);
  await execa('chown', ['-R', account.name, copy.datadir('t1')]);
  return copy;
}

async function write(path: string, at: number, text: string): Promise<void> {
  const file = await open(path, 'r+');
  await file.write(text, at);
  await file.close();
}

/** What the log says of the pages: bytes, as shortSize() has them. */
const told = () => / kept (\S+) of the old data, sent (\S+) \(before compression\)\n/.exec(copy.log())?.slice(1);

describe('a copy that compares with the old data of its target', () => {
  test(
    'is byte for byte the donor, and sends the pages that differ alone',
    async () => {
      await diverged();
      // Seven pages of 4 KiB.
      for (const folder of [copy.donor, copy.datadir('t1')])
        await writeFile(join(folder, 'crm.ibd'), Buffer.alloc(7 * 4096, 'rows'));
      await write(join(copy.donor, 'crm.ibd'), 6 * 4096, 'changed');
      for (const page of [0, 700, 1025, 2559]) await write(join(copy.donor, 'ibdata1'), page * 16_384 + 99, 'changed');
      await write(join(copy.donor, 'shop/t7.ibd'), 69_999, '!');
      expect(await copy.run()).toMatchObject({ state: 'done' });
      await expectWhole(copy, 't1');
      // An eighth of each of four pages, half of a small one, and the last part of a page.
      expect(told()).toEqual(['64M', '10K']);
    },
    longMs,
  );

  test(
    'asks for the sums of a large batch after those of a small one, over the same connection',
    async () => {
      await diverged({ streams: 1 });
      for (const folder of [copy.donor, copy.datadir('t1')]) {
        await writeFile(join(folder, 'aria_log_control'), 'first');
        // Of zeros.
        await writeFile(join(folder, 'zabbix.ibd'), '');
        await truncate(join(folder, 'zabbix.ibd'), 250 * mebibyte);
      }
      await write(join(copy.donor, 'zabbix.ibd'), 200 * mebibyte, 'rows');
      const failures: string[] = [];
      const look = async () => {
        // A call that failed is made again after two seconds.
        failures.push(
          ...(await readdir(join(copy.folder, 'send', 'work'))).filter((name) => name.startsWith('rests-')),
        );
      };
      expect(await copy.run(onceBefore('seed-verify', look))).toMatchObject({ state: 'done' });
      expect(failures).toEqual([]);
      expect(told()?.[1]).toBe('2.0K');
    },
    longMs,
  );

  test(
    'sends no page of a table where none differs, and leaves the old data as it was',
    async () => {
      await diverged({ compression: 'zstd' });
      const before = await stat(join(copy.datadir('t1'), 'ibdata1'));
      expect(await copy.run()).toMatchObject({ state: 'done' });
      await expectWhole(copy, 't1');
      // The files with odd names, which are no tables by their ending.
      expect(told()?.[1]).toBe('36B');
      expect((await stat(join(copy.datadir('t1'), 'ibdata1'))).mtimeMs).toBe(before.mtimeMs);
    },
    longMs,
  );
});

test(
  'page-compressed tables keep their holes, where pages differ and where they do not',
  async () => {
    copy = await copying(['t1'], { method: deltaOfStopped });
    await fillWithHoles(copy.donor);
    await execa('cp', ['-a', `${copy.donor}/.`, copy.datadir('t1')]);
    await execa('chown', ['-R', account.name, copy.datadir('t1')]);
    for (const page of [3, 70, 2000]) await write(join(copy.donor, 'zipped.ibd'), page * 16_384, 'rows');
    await write(join(copy.donor, 'zipped_small.ibd'), 16_384, 'rows');
    expect(await copy.run()).toMatchObject({ state: 'done' });
    await expectWhole(copy, 't1');
    expect(await bytesOnDisk(copy.arrived('t1'))).toBeLessThanOrEqual((await bytesOnDisk(copy.donor)) + 65_536);
    expect(told()?.[1]).toBe('8.0K');
  },
  longMs,
);

describe('old data', () => {
  test(
    'that is shorter, longer, lacking or a redo log is of no use, or in part; what the target alone has does not come over',
    async () => {
      await diverged();
      const at = (name: string) => join(copy.datadir('t1'), name);
      await writeFile(join(copy.donor, 'ib_logfile0'), Buffer.alloc(100_000, 'new redo'));
      await writeFile(at('ib_logfile0'), Buffer.alloc(100_000, 'old redo'));
      await truncate(at('ibdata1'), 30 * mebibyte + 5);
      await appendFile(at('shop/t9.ibd'), 'more');
      await rm(at('mysql.ibd'));
      await writeFile(at('shop/dropped.ibd'), 'a table of the target');
      expect(await copy.run()).toMatchObject({ state: 'done' });
      await expectWhole(copy, 't1');
      expect(await readdir(join(copy.arrived('t1'), 'shop'))).not.toContain('dropped.ibd');
    },
    longMs,
  );

  test(
    'that is a link, a fifo, or lies in a folder that is a link, is not followed and not waited for',
    async () => {
      await diverged();
      const at = (name: string) => join(copy.datadir('t1'), name);
      await rename(at('shop'), at('moved'));
      await symlink('moved', at('shop'));
      await rename(at('ibdata1'), at('moved/ibdata1'));
      await symlink('moved/ibdata1', at('ibdata1'));
      await rm(at('undo_001'));
      await execa('mkfifo', [at('undo_001')]);
      expect(await copy.run()).toMatchObject({ state: 'done' });
      await expectWhole(copy, 't1');
      // Only mysql.ibd is left to compare with.
      expect(told()?.[0]).toBe('10M');
    },
    longMs,
  );

  test(
    'that its server writes meanwhile is compared as it was read: the copy is whole all the same',
    async () => {
      await diverged();
      const file = join(copy.datadir('t1'), 'ibdata1');
      const script =
        'n=0; while [ -e "$0" ]; do n=$(((n + 37) % 128)); dd if=/dev/urandom of="$0" bs=16k count=20 seek=$((n * 20)) conv=notrunc,nocreat status=none; done';
      const writer = execa('sh', ['-c', script, file], { reject: false });
      expect(await copy.run()).toMatchObject({ state: 'done' });
      await rename(file, `${file}.over`);
      await writer;
      await expectWhole(copy, 't1');
    },
    longMs,
  );
});

test(
  'that was given up, because there is no room for both, becomes the new data: nothing is written twice, and a break costs nothing',
  async () => {
    await diverged({ isFull: true, bandwidthBytesPerSecond: 2 * mebibyte, streams: 1 });
    const at = (name: string) => join(copy.datadir('t1'), name);
    await write(join(copy.donor, 'ibdata1'), 700 * 16_384 + 99, 'changed');
    await truncate(join(copy.donor, 'undo_001'), 5 * mebibyte);
    await appendFile(join(copy.donor, 'shop/t9.ibd'), 'more');
    await rm(at('mysql.ibd'));
    await writeFile(at('shop/dropped.ibd'), 'a table of the target');
    await symlink('/etc/passwd', at('undo_002'));
    const { ino } = await stat(at('ibdata1'));
    const job = await copy.run((real) =>
      instead(real, 'seed-copy', async (tools) => {
        // By the shell: names that are not UTF-8 stay as they are.
        const names = `find . -path './.reseed-*' -prune -o ! -type d -printf '%P\\0' >"$1"`;
        await execa('sh', ['-c', names, 'sh', join(copy.arrived('t1'), '..', 'lent')], { cwd: copy.datadir('t1') });
        const whole = workOf(real, 'seed-copy')(tools);
        await vi.waitFor(() => stat(join(copy.arrived('t1'), 'ibdata1')), { timeout: 60_000, interval: 20 });
        await tools.run('send end');
        await rm(join(copy.folder, 'seed', 'limit'), { force: true });
        return await whole;
      }),
    );
    expect(job).toMatchObject({ state: 'done' });
    await expectWhole(copy, 't1');
    expect((await stat(join(copy.arrived('t1'), 'ibdata1'))).ino).toBe(ino);
    expect(await readdir(copy.datadir('t1'))).not.toContain('ibdata1');
    // What can't be taken went before: the old and the new data never took more room than the new.
    expect(await readdir(join(copy.datadir('t1'), 'shop'))).toEqual([]);
  },
  longMs,
);

test(
  'pages whose sums are equal by chance are found by the comparison, and their file is sent whole',
  async () => {
    await diverged();
    const arrived = join(copy.arrived('t1'), 'ibdata1');
    // As such a page would lie there.
    const job = await copy.run(onceBefore('seed-verify', () => write(arrived, 20 * mebibyte, 'other rows')));
    expect(job).toMatchObject({ state: 'done' });
    expect(copy.log()).toContain('what differs is sent again: t1');
    expect(copy.log()).toMatch(/seed-send.sh .* pages=no/);
    await expectWhole(copy, 't1');
  },
  longMs,
);

test(
  'a runner that comes when all has been sent tells what was kept and sent before it',
  async () => {
    await diverged();
    await write(join(copy.donor, 'ibdata1'), 700 * 16_384 + 99, 'changed');
    const job = await copy.run((real) =>
      instead(real, 'seed-copy', async (tools) => {
        await workOf(real, 'seed-copy')(tools);
        return await workOf(real, 'seed-copy')(tools);
      }),
    );
    expect(job).toMatchObject({ state: 'done' });
    const all = [...copy.log().matchAll(/ kept (\S+) of the old data, sent (\S+) \(before compression\)\n/g)];
    expect(all.map(([, kept, sent]) => [kept, sent])).toEqual([
      ['64M', '2.0K'],
      ['64M', '2.0K'],
    ]);
  },
  longMs,
);

test(
  'after a break what has landed is not filled or sent again, and no process is left',
  async () => {
    await diverged({ bandwidthBytesPerSecond: 6 * mebibyte, streams: 1 });
    for (const name of ['ibdata1', 'mysql.ibd']) await rm(join(copy.datadir('t1'), name));
    const landed = join(copy.folder, 'at-t1', 'have', 'landed');
    const stamps = async (names: readonly string[]) =>
      Promise.all(names.map(async (name) => (await stat(join(landed, name))).mtimeMs));
    const job = await copy.run((real) =>
      instead(real, 'seed-copy', async (tools) => {
        const whole = workOf(real, 'seed-copy')(tools);
        const names = await vi.waitFor(
          async () => {
            const found = await readdir(landed);
            expect(found).not.toEqual([]);
            return found;
          },
          { timeout: 60_000, interval: 50 },
        );
        const before = await stamps(names);
        // The unit is ended from outside, as at a shutdown of the machine.
        await tools.run('send end');
        await rm(join(copy.folder, 'seed', 'limit'), { force: true });
        const end = await whole;
        expect(await stamps(names)).toEqual(before);
        return end;
      }),
    );
    expect(job).toMatchObject({ state: 'done' });
    await expectWhole(copy, 't1');
    expect(await processesWith(copy.folder)).toEqual([]);
  },
  longMs,
);

test.each(['tls', 'plain'] as const)(
  'by %s it comes as by ssh: sums and pages',
  async (channel) => {
    await diverged({ channel, compression: 'zstd' });
    await write(join(copy.donor, 'ibdata1'), 5 * mebibyte, 'changed');
    expect(await copy.run()).toMatchObject({ state: 'done' });
    await expectWhole(copy, 't1');
    expect(told()?.[1]).toBe('2.0K');
  },
  longMs,
);
