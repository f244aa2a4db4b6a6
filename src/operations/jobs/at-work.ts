// The jobs of this journal that are not over, for whoever looks at their hosts.
import { existsSync } from 'node:fs';
import { jobHome } from '../../job/home.ts';
import type { JobRecord } from '../../job/record.ts';
import type { Carried } from '../../job/runner-state.ts';
import { cleanLine } from '../../text/clean.ts';
import { carriedOn, type Desk, tryDesk } from './desk.ts';

export interface JobAtWork extends Carried {
  readonly job: JobRecord;
}

/** Text: why it is not known which they are. */
export type JobsAtWork = readonly JobAtWork[] | string;

/** The oldest first; none where there is no journal. Never throws: hosts are looked at whatever is wrong with the journal. */
export function jobsAtWork(): JobsAtWork {
  let desk: Desk | string | undefined;
  try {
    desk = existsSync(jobHome(process.env).journal) ? tryDesk() : undefined;
    if (desk === undefined) return [];
    if (typeof desk === 'string') return desk;
    const open = desk;
    return open.journal
      .openJobs()
      .map((job) => ({ job, ...carriedOn(open, job) }))
      .toReversed();
  } catch (error) {
    return `the journal of jobs can't be read: ${cleanLine(error instanceof Error ? error.message : String(error))}`;
  } finally {
    if (typeof desk === 'object') desk.journal.close();
  }
}

/** Those that have a part for the host. */
export const jobsOn = (host: string, jobs: readonly JobAtWork[]): readonly JobAtWork[] =>
  jobs.filter(({ job }) => job.plan.hosts.includes(host));
