import { mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { digestOf, entry, tidy } from '../../src/drill/image/store.ts';

let cache: string;
beforeEach(async () => {
  cache = await mkdtemp(join(tmpdir(), 'reseed-store-'));
});
afterEach(() => rm(cache, { recursive: true }));

const build = (text: string) => (path: string) => writeFile(path, text);

test('what is made once is not made again', async () => {
  const first = await entry(cache, 'tree', 'abc', build('first'));
  const again = await entry(cache, 'tree', 'abc', build('second'));
  expect(again).toBe(first);
  expect(await readFile(again, 'utf8')).toBe('first');
});

test('a machine that was made on an image still starts when another fleet has used the image', async () => {
  const image = await entry(cache, 'root', 'abc', build('image'));
  const longAgo = new Date(Date.now() - 86_400_000);
  await utimes(image, longAgo, longAgo);
  await entry(cache, 'root', 'abc', build('image'));
  const { mtimeMs, atimeMs } = await stat(image);
  expect(mtimeMs).toBe(longAgo.getTime());
  expect(atimeMs).toBeGreaterThan(longAgo.getTime());
});

test('a changed recipe makes another', async () => {
  const recipe = join(cache, 'recipe.sh');
  await writeFile(recipe, 'one');
  const before = await digestOf(['packages'], [recipe]);
  await writeFile(recipe, 'two');
  expect(await digestOf(['packages'], [recipe])).not.toBe(before);
  expect(await digestOf(['pack', 'ages'], [recipe])).not.toBe(await digestOf(['packages'], [recipe]));
});

test('an interrupted build leaves nothing half made', async () => {
  const interrupted = entry(cache, 'tree', 'abc', async (path) => {
    await writeFile(path, 'half');
    throw new Error('no network');
  });
  await expect(interrupted).rejects.toThrow('no network');
  expect(await readdir(cache)).toEqual([]);
});

test('what a killed build left, and what nobody used for two weeks, is tidied away', async () => {
  const now = Date.now();
  await writeFile(join(cache, 'lock'), '');
  await writeFile(join(cache, 'half-made-tree-abc'), 'half');
  const used = await entry(cache, 'tree', 'used', build('tree'));
  const unused = await entry(cache, 'tree', 'unused', build('tree'));
  const longAgo = new Date(now - 15 * 86_400_000);
  await utimes(unused, longAgo, longAgo);
  await utimes(join(cache, 'lock'), longAgo, longAgo);
  await tidy(cache, now);
  expect(await readdir(cache)).toEqual(['lock', used.slice(cache.length + 1)]);
});
