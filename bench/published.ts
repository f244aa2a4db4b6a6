// reseed as it is published, in a folder of its own: what is measured is what is installed, never src/ through tsx.
import { cp, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildPackage, bundle } from '../bundle.ts';

const root = join(import.meta.dirname, '..');

export interface Published {
  /** The folder, for what a bench writes. Gone afterwards. */
  readonly folder: string;
  /** bin/reseed.js. */
  readonly bin: string;
  /** Bundles another program the same way, and gives the path of its entry. */
  readonly bundled: (entry: string) => Promise<string>;
}

export async function withPublished(work: (published: Published) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'reseed-bench-'));
  try {
    for (const part of ['bin', 'package.json']) await cp(join(root, part), join(folder, part), { recursive: true });
    await symlink(join(root, 'node_modules'), join(folder, 'node_modules'));
    await buildPackage(join(folder, 'dist'));
    const bundled = async (entry: string) => {
      await bundle(entry, join(folder, 'other'));
      return join(folder, 'other', entry.replace(/.*\//, '').replace(/\.tsx?$/, '.js'));
    };
    await work({ folder, bin: join(folder, 'bin/reseed.js'), bundled });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
