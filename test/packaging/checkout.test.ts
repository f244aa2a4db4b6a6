// In a checkout the bundle answers as long as it is that of the sources.
import { mkdir, mkdtemp, rename, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { digestOfSources, isBuilt } from '../../bin/sources.js';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'reseed-checkout-'));
  onTestFinished(() => rm(root, { recursive: true }));
  for (const folder of ['bin', 'src/text', 'components', 'dist']) await mkdir(join(root, folder), { recursive: true });
  await writeFile(join(root, 'src/text/a.ts'), 'one');
  await writeFile(join(root, 'dist/sources'), digestOfSources(root));
});

test('of the sources as they are', () => {
  expect(isBuilt(root)).toBe(true);
});

test.each<[string, () => Promise<void>]>([
  ['an edit', () => writeFile(join(root, 'src/text/a.ts'), 'other')],
  ['a file that came', () => writeFile(join(root, 'components/b.tsx'), '')],
  ['a file that went', () => rm(join(root, 'src/text/a.ts'))],
  ['another name', () => rename(join(root, 'src/text/a.ts'), join(root, 'src/text/b.ts'))],
  ['an older file in its place, as a backup brings it', () => utimes(join(root, 'src/text/a.ts'), 1, 1)],
  [
    'other packages',
    () => mkdir(join(root, 'node_modules')).then(() => writeFile(join(root, 'node_modules/.package-lock.json'), '{}')),
  ],
  ['another reader of the bundle', () => writeFile(join(root, 'bin/packed.js'), '')],
  ['no digest', () => rm(join(root, 'dist/sources'))],
])('no more after %s', async (_what, change) => {
  await change();
  expect(isBuilt(root)).toBe(false);
});

test('a checkout that can not be written is installed all the same: its sources answer', async () => {
  const checkout = join(import.meta.dirname, '../..');
  // Without a bundle, and read-only, for this process alone.
  const mounts =
    'mount --bind "$1" "$1" && { [ ! -d "$1/dist" ] || mount -t tmpfs none "$1/dist"; } && mount -o remount,bind,ro "$1" && cd "$1" && exec "$2" prepare.ts';
  const { exitCode, stderr } = await execa('unshare', ['-m', 'sh', '-c', mounts, 'sh', checkout, process.execPath], {
    reject: false,
  });
  expect(stderr).toMatch(/^reseed: no bundle was made, its sources answer: EROFS/);
  expect(exitCode).toBe(0);
});
