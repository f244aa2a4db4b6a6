// Jobs whose runner died are said by the console and by every verb: what they hold stands on hosts until somebody decides.
import { existsSync } from 'node:fs';
import { jobHome } from '../../job/home.ts';
import { isAbandoned, tryDesk } from './desk.ts';
import { diedText } from './died-words.ts';

/** A line a job; or why that can't be known. Without a journal there is nothing to say, and none is made. */
export function abandonedLines(): string[] {
  if (!existsSync(jobHome(process.env).journal)) return [];
  const desk = tryDesk();
  if (typeof desk === 'string') return [desk];
  const abandoned = desk.journal.openJobs().filter((job) => isAbandoned(desk, job));
  desk.journal.close();
  return abandoned.map((job) => `job ${job.id} (${job.plan.title}): ${diedText(job)}`);
}
