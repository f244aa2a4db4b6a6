// `npm run package`: reseed as an npm package, as a folder with its own Node, and as a package of Debian, in packages/.
// The same sources give the same bytes: all times in them are that of SOURCE_DATE_EPOCH, or of the commit.
import { mkdir, mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { execa } from 'execa';
import { aloneTree, archive } from './alone.ts';
import { debPackage, debTree } from './deb.ts';
import { npmPackage } from './npm.ts';
import { makeTree, manifest, root } from './tree.ts';

async function packages(to: string): Promise<readonly string[]> {
  const made = await manifest();
  const dateMs = await dateOfSources();
  await mkdir(to, { recursive: true });
  const work = await mkdtemp(join(tmpdir(), 'reseed-packages-'));
  try {
    const [tree, alone, deb] = ['tree', 'alone', 'deb'].map((name) => join(work, name)) as [string, string, string];
    await makeTree(tree, dateMs);
    await aloneTree(tree, alone);
    await debTree(alone, deb, made);
    return [
      await npmPackage(tree, to),
      await archive(alone, `reseed-${made.version}-linux-x64`, to, dateMs),
      await debPackage(deb, to, made, dateMs),
    ];
  } finally {
    await rm(work, { recursive: true });
  }
}

/** https://reproducible-builds.org/specs/source-date-epoch/ */
async function dateOfSources(): Promise<number> {
  const given = process.env.SOURCE_DATE_EPOCH;
  const seconds = given ?? (await execa('git', ['log', '-1', '--format=%ct'], { cwd: root })).stdout;
  if (!/^\d+$/.test(seconds)) throw new Error(`SOURCE_DATE_EPOCH is no number of seconds: ${seconds}`);
  return Number(seconds) * 1000;
}

for (const path of await packages(join(root, 'packages'))) {
  const { size } = await stat(path);
  process.stdout.write(`packages/${basename(path)}  ${(size / 1e6).toFixed(1)} MB\n`);
}
