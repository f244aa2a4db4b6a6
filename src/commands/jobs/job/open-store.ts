// The journal, for a verb that needs it.

import { type JobStore, tryJobStore } from '../../../operations/jobs/job-store.ts';
import { reading } from '../../../operations/jobs/job-trouble.ts';
import { type AtStake, atStake } from '../../../operations/jobs/locks/at-stake.ts';
import { exitCodes, exitWith, printFailure } from '../../answer.ts';

/** undefined: the error was printed, and the exit code is set. */
export function openJobStore(json?: boolean): JobStore | undefined {
  const store = tryJobStore();
  if (typeof store !== 'string') return store;
  sayFailed(store, json);
  return undefined;
}

function sayFailed(message: string, json?: boolean): void {
  printFailure(json, { error: 'failed', message, advice: '' });
  exitWith(exitCodes.failed);
}

/** This account's jobs that still hold something on hosts. undefined: unknown, and the reason was printed. */
export function jobsAtStake(json?: boolean): AtStake | undefined {
  const store = openJobStore(json);
  if (!store) return undefined;
  const jobs = reading(store, () => atStake(store));
  store.journal.close();
  if (typeof jobs !== 'string') return jobs;
  sayFailed(jobs, json);
  return undefined;
}
