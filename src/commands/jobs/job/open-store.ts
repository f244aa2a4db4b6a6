// The journal, for a verb that needs it.

import { type JobStore, tryJobStore } from '../../../operations/jobs/job-store.ts';
import { type AtStake, atStake } from '../../../operations/jobs/locks/at-stake.ts';
import { exitCodes, exitWith, printFailure } from '../../answer.ts';

/** undefined: the error was printed, and the exit code is set. */
export function openJobStore(json?: boolean): JobStore | undefined {
  const store = tryJobStore();
  if (typeof store !== 'string') return store;
  printFailure(json, { error: 'failed', message: store, advice: '' });
  exitWith(exitCodes.failed);
  return undefined;
}

/** This account's jobs that still hold something on hosts. undefined: unknown, and the reason was printed. */
export function jobsAtStake(json?: boolean): AtStake | undefined {
  const store = openJobStore(json);
  if (!store) return undefined;
  const jobs = atStake(store);
  store.journal.close();
  return jobs;
}
