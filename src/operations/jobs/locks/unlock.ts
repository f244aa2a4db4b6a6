// A host's lock, looked at and taken from a job that will not come back.
import { type HostLock, readLocks } from '../../../job/lock-step.ts';
import type { Remote } from '../../../remote/remote.ts';
import { scriptText } from '../../../scripts/script.ts';
import { cleanLine } from '../../../text/clean.ts';
import { given, type Result, refused } from '../../result.ts';
import type { AtStake } from './at-stake.ts';
import { lockOf } from './lock-choice.ts';

interface LockedServer {
  readonly name: string;
  /** Where its data lies; undefined: not known. */
  readonly datadir: string | undefined;
}

const deadlineMs = 30_000;

/**
 * The lock that keeps others from the server's datadir; undefined: no job has one. Refused where it may be another server's, and where
 * it is of a job of this account that is not over.
 */
export async function findLock(
  remote: Remote,
  server: LockedServer,
  { open, heldBy }: AtStake,
): Promise<Result<HostLock | undefined>> {
  const { name, datadir = '' } = server;
  const shown = await remote.exec(await scriptText('host-lock'), ['show', datadir], {
    deadlineMs,
    label: 'host-lock show',
  });
  if (!shown.ok) return refused({ kind: 'unreachable', message: shown.message, advice: shown.advice });
  const choice = lockOf(server, readLocks(shown.stdout));
  if (!choice.ok) return refused({ kind: 'refused', message: choice.message, advice: choice.advice });
  const { lock } = choice;
  const own = lock && open.get(cleanLine(lock.job));
  if (own === undefined) return given(lock);
  const { message, advice } = heldBy(name, own);
  return refused({ kind: 'refused', message, advice });
}

/** By the job's key: a lock that another job has taken meanwhile stays. */
export async function breakLock(remote: Remote, { job, datadir }: HostLock): Promise<Result<undefined>> {
  const words = ['break', cleanLine(job), datadir];
  const broken = await remote.exec(await scriptText('host-lock'), words, { deadlineMs, label: 'host-lock break' });
  if (broken.ok) return given(undefined);
  return refused({ kind: 'unreachable', message: broken.message, advice: broken.advice });
}
