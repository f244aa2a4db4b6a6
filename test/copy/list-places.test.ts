// The list of a donor's data, for places outside of its datadir: the server's own files and no others, and never a
// database.
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { scriptText } from '../../src/scripts/script.ts';
import { listWords } from '../../src/scripts/seed-data-words.ts';

let base: string;
beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), 'reseed-list-'));
});
afterEach(() => rm(base, { recursive: true }));

async function files(...names: readonly string[]) {
  for (const name of names) {
    await mkdir(dirname(join(base, name)), { recursive: true });
    await writeFile(join(base, name), name);
  }
}

/**
 * The paths in the list, with folders; or the script's refusal. `places`: a kind, and its folder beside the datadir.
 */
async function listed(places: Readonly<Record<string, string>>, ...patterns: readonly string[]) {
  const beside = Object.entries(places).map(([kind, name]) => `${kind}=${join(base, name)}`);
  const [root, folder] = [join(base, 'data'), join(base, 'job')];
  const words = ['seed-list.sh', ...listWords({ root, reader: '', folder, taskBytes: 1_000_000, beside, patterns })];
  const { exitCode, stderr } = await execa('sh', ['-c', await scriptText('seed-list'), ...words], { reject: false });
  if (exitCode !== 0) return `${exitCode} ${stderr.replaceAll(base, '')}`;
  const lines = (await readFile(join(base, 'job', 'list'), 'utf8')).trim().split('\n');
  return lines.flatMap((line) => (line.startsWith('end') ? [] : [line.split('\t')[5]])).toSorted();
}

test('a database undo_2024 of a donor whose undo tablespaces lie elsewhere is copied: it was left out, and the seed was done', async () => {
  await files('data/ibdata1', 'data/undo_2024/t.MYD', 'data/undo123/t.ibd', 'data/ib_logfile9/t.ibd', 'data/undo_001');
  await files('undo/undo_001', 'undo/undo002', 'undo/extra.ibu', 'undo/undo_001.bak', 'undo/undo_2019_archive/notes');
  await files('undo/undo_001_old', 'undo/undo_1234', 'redo/ib_logfile0', 'redo/ib_logfile0.before-upgrade/notes');
  const tables = [
    'ibdata1',
    'undo_2024',
    'undo_2024/t.MYD',
    'undo123',
    'undo123/t.ibd',
    'ib_logfile9',
    'ib_logfile9/t.ibd',
  ];
  expect(await listed({ undo: 'undo', redo: 'redo' })).toEqual(
    [...tables, 'undo_001', 'undo002', 'extra.ibu', 'ib_logfile0'].toSorted(),
  );
});

test('a database that has the name of an undo tablespace elsewhere is refused: on a target both would have one path', async () => {
  await files('data/ibdata1', 'data/undo_001/t.ibd', 'undo/undo_001');
  expect(await listed({ undo: 'undo' })).toMatch(/^3 undo_001 lies in two folders of the server/);
});

test('a link or a folder that has the name of an undo tablespace is refused: the data would lack it', async () => {
  await files('data/ibdata1', 'undo/undo_001', 'elsewhere');
  await symlink(join(base, 'elsewhere'), join(base, 'undo', 'undo_002'));
  expect(await listed({ undo: 'undo' })).toBe(
    "3 undo_002 in /undo has the name of a file of the server's undo, and is a link or a folder: it can't be copied",
  );
});

test('what the operator leaves out is left out, and is no database that is lacking', async () => {
  await files('data/ibdata1', 'data/ssl/key.pem', 'data/#innodb_redo/#ib_redo1', 'redo/#innodb_redo/#ib_redo2');
  expect(await listed({ redo: 'redo' }, 'ssl')).toEqual(['#innodb_redo', '#innodb_redo/#ib_redo2', 'ibdata1']);
});
