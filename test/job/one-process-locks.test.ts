// The locks of a process on the files of jobs, as other processes see them: if the process closed one more handle on a
// file, it would lose all of them.
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openJournal } from '../../src/job/journal/journal.ts';
import { holdFile, isAlive } from '../../src/job/lease/alive.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reseed-locks-'));
});
afterEach(() => rm(folder, { recursive: true }));

/** Another process opens the file by SQLite, and closes it. Returns what SQLite reported. */
async function elsewhere(path: string, sql: string): Promise<string> {
  const script = `
    const { DatabaseSync } = require('node:sqlite');
    const database = new DatabaseSync(process.argv[1]);
    try {
      console.log(JSON.stringify(database.prepare(process.argv[2]).get() ?? null));
    } catch (error) {
      console.log(error.message);
    }
    database.close();`;
  return (await execa(process.execPath, ['--no-warnings', '-e', script, path, sql])).stdout;
}

/** The kernel's list (proc_locks(5)): SQLite's versions differ in what they do about a lost lock. */
async function locksHere(path: string): Promise<readonly string[]> {
  const { ino } = await stat(path);
  const lines = (await readFile('/proc/locks', 'utf8')).split('\n');
  return lines.filter((line) => line.includes(` ${process.pid} `) && line.includes(`:${ino} `));
}

test('a journal that a console watches stays locked while the console writes to it by a second connection, and afterwards', async () => {
  const path = join(folder, 'jobs.sqlite');
  const watching = openJournal(path, Date.now, { mode: 'WAL' });
  watching?.jobs(1);
  expect(await locksHere(path)).toHaveLength(1);
  const writing = openJournal(path, Date.now, { mode: 'WAL' });
  expect(await locksHere(path)).toHaveLength(1);
  writing?.close();
  expect(await locksHere(path)).toHaveLength(1);
  watching?.close();
});

test("a runner's lock holds for other processes after its own process has looked at it", async () => {
  const path = join(folder, '7.alive');
  const held = holdFile(path, 0);
  expect(isAlive(path)).toBe(true);
  expect(holdFile(path, 0)).toBeUndefined();
  expect(await elsewhere(path, 'BEGIN EXCLUSIVE')).toContain('database is locked');
  held?.release();
  expect(await elsewhere(path, 'BEGIN EXCLUSIVE')).toBe('null');
});
