// A new journal for each test of a file, and a connection for commands of this machine.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach } from 'vitest';
import { type Journal, openJournal } from '../../src/job/journal/journal.ts';
import { openRemotes, type Remotes } from '../../src/remote/open.ts';

export interface JobStore {
  readonly folder: string;
  readonly journal: Journal;
  readonly remotes: Remotes;
}

/** To be called once in a test file; what it gives may be called in its tests. */
export function jobStoreForEach(): () => JobStore {
  let store: JobStore | undefined;
  const opened = () => {
    if (!store) throw new Error('no test runs');
    return store;
  };
  beforeEach(async () => {
    const folder = await mkdtemp(join(tmpdir(), 'reseed-job-'));
    const journal = openJournal(join(folder, 'jobs.sqlite'), Date.now);
    if (!journal) throw new Error('no journal');
    store = { folder, journal, remotes: openRemotes({ environment: { PATH: process.env.PATH } }) };
  });
  afterEach(async () => {
    const { folder, journal, remotes } = opened();
    journal.close();
    await remotes.close();
    await rm(folder, { recursive: true });
  });
  return opened;
}
