// The copy of a seed that compares with the target's old data, with real parts except LVM: what arrives, what is sent
// for it, and what becomes of old data that is not as it should be.
import { open, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterEach, describe, expect, test } from 'vitest';
import { deltaOfStopped } from '../../src/seed/methods/delta/delta.ts';
import { type Copying, copying } from './copying.ts';
import { fill } from './filling.ts';
import { expectWhole } from './looking.ts';
import { account } from './staging.ts';

const longMs = 120_000;
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
      for (const page of [0, 700, 1025, 2559]) await write(join(copy.donor, 'ibdata1'), page * 16_384 + 99, 'changed');
      await write(join(copy.donor, 'shop/t7.ibd'), 69_999, '!');
      expect(await copy.run()).toMatchObject({ state: 'done' });
      await expectWhole(copy, 't1');
      // Four pages, and the last part of a page.
      expect(told()).toEqual(['64M', '68K']);
    },
    longMs,
  );

  test(
    'sends nothing where nothing differs, and leaves the old data as it was',
    async () => {
      await diverged({ compression: 'zstd' });
      const before = await stat(join(copy.datadir('t1'), 'ibdata1'));
      expect(await copy.run()).toMatchObject({ state: 'done' });
      await expectWhole(copy, 't1');
      expect(told()?.[1]).toBe('0B');
      expect((await stat(join(copy.datadir('t1'), 'ibdata1'))).mtimeMs).toBe(before.mtimeMs);
    },
    longMs,
  );
});
