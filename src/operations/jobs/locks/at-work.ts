// The unfinished jobs of this journal, for the verbs that look at their hosts.
import { existsSync } from 'node:fs';
import { jobHome } from '../../../job/journal/home.ts';
import type { JobRecord } from '../../../job/journal/record.ts';
import type { Carried } from '../../../job/lease/runner-state.ts';
import { cleanLine } from '../../../text/clean.ts';
import { carriedOn, type JobStore, tryJobStore } from '../job-store.ts';
import { damageTrouble } from '../job-trouble.ts';
import { type HalfUndone, hostsLeft } from '../words/half-undone.ts';

export interface JobAtWork extends Carried {
  readonly job: JobRecord;
}

/** Text: why they are unknown. */
export type JobsAtWork = readonly JobAtWork[] | string;

/** The oldest first; empty without a journal. Never throws: hosts can be shown whatever is wrong with the journal. */
export const jobsAtWork = (): JobsAtWork =>
  fromJournal((store) =>
    store.journal
      .openJobs()
      .map((job) => ({ job, ...carriedOn(store, job) }))
      .toReversed(),
  );

/** Unfinished jobs whose record is damaged, each with its message; text: why they are unknown. Never throws. */
export const jobsDamaged = () =>
  fromJournal((store) => {
    store.journal.openJobs();
    return store.journal
      .damaged()
      .map((job) => ({ key: job.key, ...damageTrouble(store, job) }))
      .toReversed();
  });

/** Text: why they are unknown. */
export type JobsHalfUndone = readonly HalfUndone[] | string;

/** The oldest first; text: why they are unknown. Never throws. */
export const jobsHalfUndone = (): JobsHalfUndone =>
  fromJournal((store) =>
    store.journal
      .uncleanJobs()
      .map((job) => ({ job, hosts: hostsLeft(job) }))
      .toReversed(),
  );

function fromJournal<T>(ask: (store: JobStore) => readonly T[]): readonly T[] | string {
  let store: JobStore | string | undefined;
  try {
    store = existsSync(jobHome(process.env).journal) ? tryJobStore() : undefined;
    if (store === undefined) return [];
    return typeof store === 'string' ? store : ask(store);
  } catch (error) {
    return `the journal of jobs can't be read: ${cleanLine(error instanceof Error ? error.message : String(error))}`;
  } finally {
    if (typeof store === 'object') store.journal.close();
  }
}

/** The jobs that have a part for the host. */
export const jobsOn = (host: string, jobs: readonly JobAtWork[]): readonly JobAtWork[] =>
  jobs.filter(({ job }) => job.plan.hosts.includes(host));
