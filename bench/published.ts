// reseed as it is published, in a folder of its own: benches measure the installed program, never src/ through tsx.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundle, installPackage } from '../bundle.ts';

export interface Published {
  /** The folder for the files of a bench; removed afterwards. */
  readonly folder: string;
  /** bin/reseed.js. */
  readonly bin: string;
  /** Bundles another program the same way, and gives the path of its entry. */
  readonly bundled: (entry: string) => Promise<string>;
}

export async function withPublished(work: (published: Published) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'reseed-bench-'));
  try {
    await installPackage(folder);
    const bundled = async (entry: string) => {
      await bundle(entry, join(folder, 'other'));
      return join(folder, 'other', entry.replace(/.*\//, '').replace(/\.tsx?$/, '.js'));
    };
    await work({ folder, bin: join(folder, 'bin/reseed.js'), bundled });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
