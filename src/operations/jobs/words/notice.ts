// Every verb and the console report jobs whose runner died, or was not heard of: what they hold stays on hosts until
// the operator decides.
import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { type JobHome, jobHome } from '../../../job/journal/home.ts';
import { standsStill } from '../../../job/lease/runner-state.ts';
import { failingText } from '../../notify/words.ts';
import { forgetAccount, leftAccounts } from '../account-file.ts';
import { inJobStore } from '../job-store.ts';
import { diskTrouble } from '../job-trouble.ts';
import { jobsAtWork, jobsDamaged } from '../locks/at-work.ts';
import { standstillText } from './died-words.ts';

/**
 * A line a job; or why that is unknown. Without a journal it reports nothing, and makes none. Removes accounts that
 * were typed for no job: their reseed was killed at its prompt.
 */
export function abandonedLines(): string[] {
  const home = jobHome(process.env);
  const left = leftIn(home);
  const jobs = jobsAtWork();
  if (typeof jobs === 'string') return [jobs];
  const damaged = jobsDamaged();
  if (typeof damaged === 'string') return [damaged];
  const inUse = new Set([...jobs.map(({ job }) => job.key), ...damaged.map(({ key }) => key)]);
  const told =
    typeof left === 'string'
      ? [left]
      : left.filter((key) => !inUse.has(key)).flatMap((key) => forgotten(home.account(key)));
  return [
    ...told,
    ...jobs
      .filter(standsStill)
      .map(({ job, ...carried }) => `job ${job.id} (${job.plan.title}): ${standstillText(job, carried)}`),
    ...damaged.map(({ message, advice }) => `${message}; ${advice}`),
    ...failingLines(),
  ];
}

/** Of a receiver that the inventory does not have any more, no message ends the notice. */
const failingMs = 7 * 86_400_000;

/** Receivers whose last message could not be sent. Why a journal can't be used, the verb and the lines of its jobs have said. */
export function failingLines(): readonly string[] {
  const { journal: path } = jobHome(process.env);
  if (!existsSync(path)) return [];
  const failing = inJobStore(({ journal }) => journal.telling.failing(Date.now() - failingMs));
  return typeof failing === 'string' ? [] : failing.map(failingText);
}

/** A text: why they are unknown. */
function leftIn(home: JobHome): readonly string[] | string {
  try {
    return leftAccounts(home, Date.now());
  } catch (error) {
    return `whether ${dirname(home.account(''))} holds passwords that no job needs is unknown: ${diskTrouble(error)}`;
  }
}

function forgotten(path: string): string[] {
  try {
    forgetAccount(path);
    return [];
  } catch (error) {
    return [`${path} holds a password that no job needs, and can't be removed: ${diskTrouble(error)}. Remove it`];
  }
}
