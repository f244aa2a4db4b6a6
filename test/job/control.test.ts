// A job that ended while the operator was asked, or while its lease was watched: messages and actions follow its
// present state.
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { JobState } from '../../src/job/journal/record.ts';
import { abortJob, resumeJob } from '../../src/operations/jobs/control.ts';
import type { JobStore } from '../../src/operations/jobs/job-store.ts';
import { addJob } from './adding.ts';
import { jobStoreForEach } from './job-store.ts';
import { unitPlan } from './works.ts';

const store = jobStoreForEach();
const who = { account: 'ops', jumpHost: 'jump1' };

test.each<[JobState, string, string]>([
  ['done', 'done', ''],
  ['cleanup-needed', 'cleanup needed', '; reseed job abort 1 undoes what is left'],
])(
  'a job that ended %s while its lease was watched is not said to run, and not asked to abort',
  (state, word, next) => {
    const { journal, folder } = store();
    const seen = addJob(journal, { key: 'cafe', plan: unitPlan('one', 'passes'), targets: [], who });
    const home = { alive: () => join(folder, 'alive') };
    const there = { journal, home } as unknown as JobStore;
    const running = { ...seen, state: 'running' as const };
    journal.setJob(seen.id, state);
    const inventory = { hosts: [] };
    expect(resumeJob(there, running, inventory)).toEqual({ ok: false, why: `job 1 is over: ${word}${next}` });
    expect(abortJob(there, running, inventory)).toEqual({
      ok: false,
      why: `job 1 ended meanwhile: ${word}; reseed job show 1 tells how`,
    });
    expect(journal.job(seen.id)).toMatchObject({ state, abortRequested: false });
  },
);
