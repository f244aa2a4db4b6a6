// The journal for a verb that can't go on without it.

import { type Desk, tryDesk } from '../../../operations/jobs/job-store.ts';
import { type AtStake, atStake } from '../../../operations/jobs/locks/at-stake.ts';
import { exitCodes, exitWith, printFailure } from '../../answer.ts';

/** undefined: it was said what is wrong, and the exit code is set. */
export function openDesk(json?: boolean): Desk | undefined {
  const desk = tryDesk();
  if (typeof desk !== 'string') return desk;
  printFailure(json, { error: 'failed', message: desk, advice: '' });
  exitWith(exitCodes.failed);
  return undefined;
}

/** This account's jobs that still have something on hosts. undefined: it was said why they are not known. */
export function jobsAtStake(json?: boolean): AtStake | undefined {
  const desk = openDesk(json);
  if (!desk) return undefined;
  const jobs = atStake(desk);
  desk.journal.close();
  return jobs;
}
