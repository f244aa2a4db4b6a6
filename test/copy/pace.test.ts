// How a copy with a limit reads: what is read at once is what its progress counts, and what stands still until the limit lets it through.
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';

const part = (name: string) => readFile(new URL(`../../src/scripts/${name}.sh`, import.meta.url), 'utf8');

/** What the reader of a range has read when the first byte of it comes out. */
async function readAtFirst(limit: string): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'reseed-pace-'));
  onTestFinished(async () => await rm(folder, { recursive: true }));
  await mkdir(join(folder, 'tasks'));
  await writeFile(join(folder, 'data'), '');
  await truncate(join(folder, 'data'), 17 * 2 ** 20);
  await writeFile(join(folder, 'tasks', '1'), ['1', 'r', '0', String(16 * 2 ** 20), 'data\n'].join('\t'));
  if (limit !== '') await writeFile(join(folder, 'limit'), `${limit}\n`);
  const script = `${await part('send-bytes')}
enter_root_of() { cd "$folder"; }
folder=$1 work=$1 streams=1 copies=1 kind=r tab=$(printf '\\t')
produce 1 1 | { dd bs=1 count=1 status=none >/dev/null; read -r pid _ <"$work/reads-1"; awk '/^rchar/ { print $2 }' "/proc/$pid/io"; }`;
  const { stdout } = await promisify(execFile)('sh', ['-c', script, 'pace', folder]);
  return Number(stdout);
}

test('a copy limited to 150k a second does not say again and again that nothing has moved: it reads no megabyte at once', async () => {
  const read = await readAtFirst('153600');
  expect(read).toBeGreaterThan(0);
  // What a pipe takes, a block in hand, and what a program reads of its libraries.
  expect(read).toBeLessThan(300_000);
  expect(await readAtFirst('')).toBeGreaterThan(1_000_000);
});
