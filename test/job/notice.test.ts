// The next verb reports a job whose runner died, whichever verb it is.

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { execa } from 'execa';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { jobHome } from '../../src/job/journal/home.ts';
import { openJournal } from '../../src/job/journal/journal.ts';
import { addJob } from './adding.ts';
import { unitPlan } from './works.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reseed-notice-'));
});
afterEach(() => rm(folder, { recursive: true }));

const reseed = (...words: string[]) =>
  execa(process.execPath, ['bin/reseed.js', ...words], { reject: false, env: { XDG_STATE_HOME: folder } });

test('a job whose runner died is said, with what can be done about it; one that is over is not', async () => {
  const { journal: path } = jobHome({ XDG_STATE_HOME: folder });
  const journal = openJournal(path, Date.now);
  if (!journal) throw new Error('no journal');
  const job = { targets: [], who: { account: 'ops', jumpHost: 'jump1' }, key: 'cafe' };
  const { id } = addJob(journal, { ...job, plan: unitPlan('one', 'passes') });
  journal.setJob(id, 'running');
  journal.setJob(addJob(journal, { ...job, plan: unitPlan('two', 'passes') }).id, 'done');
  journal.close();
  const { stderr, exitCode } = await reseed('sudoers');
  expect(stderr).toMatch(/^reseed: job \d+ \(two units of one\): runner died \(last heard of [\d:]+ \S+\)\. Resume: /);
  expect(stderr).toContain(`Resume: reseed job resume ${id}. Abort: reseed job abort ${id}`);
  expect(exitCode).toBe(0);
  expect((await reseed('jobs')).stdout).toMatch(/^1 +! runner died /m);
});

test('a journal that is no journal is said, and nothing is done without one', async () => {
  const { journal } = jobHome({ XDG_STATE_HOME: folder });
  openJournal(journal, Date.now)?.close();
  await writeFile(journal, 'not a database, but long enough to be looked at as one '.repeat(100));
  const done = await reseed('jobs');
  expect(done.exitCode).toBe(1);
  expect(done.stderr).toContain(`the journal of jobs can't be used: ${journal}: file is not a database`);
});

test('a journal of a newer reseed is refused, not misread', async () => {
  const { journal } = jobHome({ XDG_STATE_HOME: folder });
  openJournal(journal, Date.now)?.close();
  const database = new DatabaseSync(journal);
  database.exec('PRAGMA user_version = 99');
  database.close();
  expect((await reseed('jobs')).stderr).toContain('was written by a newer reseed');
});

test('a receiver whose last message was not taken is said by every verb, until one is taken', async () => {
  const { journal: path } = jobHome({ XDG_STATE_HOME: folder });
  const journal = openJournal(path, Date.now);
  if (!journal) throw new Error('no journal');
  const { telling } = journal;
  const tell = (key: string) => {
    telling.tell({ key, line: key, what: key, message: {} }, [{ name: 'team', receiver: {}, againMs: 1 }], Date.now());
    return telling.newest(1)[0]?.id ?? 0;
  };
  telling.end(tell('one'), { error: 'it answered 500' }, Date.now());
  expect((await reseed('sudoers')).stderr).toMatch(
    /reseed: notify team failed: it answered 500 \(try 0, given up at .*\)/,
  );
  expect((await reseed('jobs')).stderr).toContain('reseed: notify team failed: it answered 500');
  telling.end(tell('two'), {}, Date.now() + 1);
  expect((await reseed('sudoers')).stderr).not.toContain('notify');
  journal.close();
});
