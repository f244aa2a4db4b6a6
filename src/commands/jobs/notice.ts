// Jobs that nobody carries on are said by every verb: what they hold stands on hosts until somebody decides.
import { existsSync } from 'node:fs';
import { jobHome } from '../../job/home.ts';
import { isAbandoned, openDesk, wayOn } from './desk.ts';

/** Of the newest jobs only: the check costs a file lock each. */
const lookedAt = 50;

/** On standard error, a line a job. Without a journal there is nothing to say, and none is made. */
export function noticeAbandoned(): void {
  if (!existsSync(jobHome(process.env).journal)) return;
  const desk = openDesk();
  if (!desk) return;
  for (const job of desk.journal.jobs(lookedAt).filter((one) => isAbandoned(desk.home, one))) {
    process.stderr.write(`reseed: job ${job.id} (${job.plan.title}) has no runner any more: ${wayOn(job.id)}\n`);
  }
  desk.journal.close();
}
