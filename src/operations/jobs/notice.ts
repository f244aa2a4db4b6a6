// Jobs whose runner died, or is not heard of, are said by the console and by every verb: what they hold stays on hosts until the operator decides.
import { standsStill } from '../../job/runner-state.ts';
import { jobsAtWork } from './at-work.ts';
import { standstillText } from './died-words.ts';

/** A line a job; or why that can't be known. Without a journal there is nothing to say, and none is made. */
export function abandonedLines(): string[] {
  const jobs = jobsAtWork();
  if (typeof jobs === 'string') return [jobs];
  return jobs
    .filter(standsStill)
    .map(({ job, ...carried }) => `job ${job.id} (${job.plan.title}): ${standstillText(job, carried)}`);
}
