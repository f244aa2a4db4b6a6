// How long questions to the journal of jobs take, in milliseconds, with 10,000 seeds in it of which three are not over.
// The seed is the recorded one of test/fixtures/journal.
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { openJournal } from '../src/job/journal/journal.ts';
import { figure, tell } from './figures.ts';

const count = 10_000;

export async function journalQueries(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'reseed-journal-'));
  const path = join(folder, 'jobs.sqlite');
  cpSync(join(import.meta.dirname, '../test/fixtures/journal/before-frozen.sqlite'), path);
  openJournal(path, Date.now)?.close();
  fill(path);
  const journal = openJournal(path, Date.now);
  if (!journal) throw new Error('no journal');
  // The first time includes the disk.
  journal.openJobs();
  print('openJobs', 20, () => journal.openJobs());
  print('jobs(1)', 200, () => journal.jobs(1));
  print('jobs(200)', 5, () => journal.jobs(200));
  const newest = journal.newestIds(200);
  print('newestIds', 200, () => journal.newestIds(200));
  // What a console reads between two keys.
  print('jobsOf 10', 20, () => journal.jobsOf(newest.slice(100, 110)));
  print('job', 200, () => journal.job(1));
  print('stepStates', 200, () => journal.stepStates(1));
  print('lostLanes', 200, () => journal.lostLanes(1));
  journal.close();
  rmSync(folder, { recursive: true });
}

/** Three jobs are not over: the recorded one, which is the first, one in the middle, and the newest. */
function fill(file: string): void {
  const database = new DatabaseSync(file);
  database.exec('PRAGMA synchronous = OFF; BEGIN');
  const columns = (table: string, ...without: string[]) =>
    database
      .prepare(`PRAGMA table_info(${table})`)
      .all()
      .map(({ name }) => String(name))
      .filter((name) => !without.includes(name))
      .join(', ');
  const own = columns('job', 'id', 'state');
  const addJob = database.prepare(`INSERT INTO job (${own}, state) SELECT ${own}, ? FROM job WHERE id = 1`);
  const parts = ['step', 'resource', 'command'].map((table) => {
    const rest = columns(table, 'id', 'job');
    return database.prepare(`INSERT INTO ${table} (job, ${rest}) SELECT ?, ${rest} FROM ${table} WHERE job = 1`);
  });
  for (let id = 2; id <= count; id++) {
    addJob.run(id === count || id === Math.floor(count / 2) ? 'running' : 'done');
    for (const part of parts) part.run(id);
  }
  database.exec('COMMIT');
  database.close();
}

function print(what: string, times: number, ask: () => unknown): void {
  const startMs = performance.now();
  for (let time = 0; time < times; time++) ask();
  tell(what, figure((performance.now() - startMs) / times, 'ms', 2));
}
