// The jobs of this journal that are not over, for the verbs that look at their hosts.
import { existsSync } from 'node:fs';
import { jobHome } from '../../../job/journal/home.ts';
import type { JobRecord } from '../../../job/journal/record.ts';
import type { Carried } from '../../../job/lease/runner-state.ts';
import { cleanLine } from '../../../text/clean.ts';
import { carriedOn, type Desk, tryDesk } from '../job-store.ts';
import { type HalfUndone, hostsLeft } from '../words/half-undone.ts';

export interface JobAtWork extends Carried {
  readonly job: JobRecord;
}

/** Text: why it is not known which they are. */
export type JobsAtWork = readonly JobAtWork[] | string;

/** The oldest first; none where there is no journal. Never throws: hosts are looked at whatever is wrong with the journal. */
export const jobsAtWork = (): JobsAtWork =>
  fromJournal((desk) =>
    desk.journal
      .openJobs()
      .map((job) => ({ job, ...carriedOn(desk, job) }))
      .toReversed(),
  );

/** Text: why it is not known which they are. */
export type JobsHalfUndone = readonly HalfUndone[] | string;

/** The oldest first; text: why it is not known which they are. Never throws. */
export const jobsHalfUndone = (): JobsHalfUndone =>
  fromJournal((desk) =>
    desk.journal
      .uncleanJobs()
      .map((job) => ({ job, hosts: hostsLeft(job) }))
      .toReversed(),
  );

function fromJournal<T>(ask: (desk: Desk) => readonly T[]): readonly T[] | string {
  let desk: Desk | string | undefined;
  try {
    desk = existsSync(jobHome(process.env).journal) ? tryDesk() : undefined;
    if (desk === undefined) return [];
    return typeof desk === 'string' ? desk : ask(desk);
  } catch (error) {
    return `the journal of jobs can't be read: ${cleanLine(error instanceof Error ? error.message : String(error))}`;
  } finally {
    if (typeof desk === 'object') desk.journal.close();
  }
}

/** Those that have a part for the host. */
export const jobsOn = (host: string, jobs: readonly JobAtWork[]): readonly JobAtWork[] =>
  jobs.filter(({ job }) => job.plan.hosts.includes(host));
