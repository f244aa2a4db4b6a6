// A donor's datadir, for copies of it.
import { randomBytes } from 'node:crypto';
import { mkdir, open, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const mebibyte = 1024 ** 2;

/**
 * Makes it, with a file that is cut into ranges, small files, names of every kind, and files that must not be copied.
 */
export async function fill(folder: string): Promise<void> {
  await mkdir(join(folder, 'shop'));
  await mkdir(join(folder, 'an empty one'));
  await writeFile(join(folder, 'ibdata1'), randomBytes(40 * mebibyte));
  // Too large for one task together with this file.
  for (const name of ['mysql.ibd', 'undo_001']) await writeFile(join(folder, name), randomBytes(10 * mebibyte));
  for (let n = 1; n <= 30; n++) await writeFile(join(folder, 'shop', `t${n}.ibd`), randomBytes(n * 10_000));
  for (const name of oddNames) await writeFile(Buffer.concat([Buffer.from(join(folder, 'shop/')), name]), name);
  await writeFile(join(folder, 'shop', 'nothing.ibd'), '');
  await writeFile(join(folder, 'auto.cnf'), 'server-uuid=1');
  await writeFile(join(folder, 'relay.000001'), 'its own');
}

/** Possible names of a file: all that a file system accepts, except control characters. */
const oddNames: readonly Buffer[] = [
  ...[
    "quo'te.ibd",
    'quo"te.ibd',
    '$(touch x).ibd',
    '`id`',
    'a\\nb\\',
    '-dash',
    '--help',
    '*',
    'größe.ibd',
    ' blank ',
    '#',
  ].map((name) => Buffer.from(name)),
  Buffer.from(`${'x'.repeat(246)}.ibd`),
  // No UTF-8.
  Buffer.from('a\xff\xfe\xe4.ibd', 'latin1'),
];

/** Tables as of `page_compressed`, a large one and a small one: of each page only a part is on the disk. */
export async function fillWithHoles(folder: string): Promise<void> {
  for (const { name, pages } of withHoles) {
    const file = await open(join(folder, name), 'w');
    for (let page = 0; page < pages; page++) await file.write(randomBytes(4096), 0, 4096, page * pageBytes);
    await file.truncate(pages * pageBytes);
    await file.close();
  }
}

const pageBytes = 16_384;
const withHoles = [
  { name: 'zipped.ibd', pages: 2560 },
  { name: 'zipped_small.ibd', pages: 64 },
];

/** What these take on the disk there, in bytes. */
export async function bytesOnDisk(folder: string): Promise<number> {
  const sizes = await Promise.all(withHoles.map(({ name }) => stat(join(folder, name))));
  return sizes.reduce((sum, { blocks }) => sum + blocks * 512, 0);
}
