// Looks at a host's lock, and takes it from a job that will not be resumed.

import type { Who } from '../../../job/journal/record.ts';
import { type HostLock, readLocks } from '../../../job/lock-step.ts';
import { whoLine } from '../../../job/who.ts';
import type { Remote } from '../../../remote/remote.ts';
import { forbidWords } from '../../../scripts/host-fence-words.ts';
import { endLockWords, showLocksWords } from '../../../scripts/host-lock-words.ts';
import { scriptText } from '../../../scripts/script.ts';
import { cleanLine } from '../../../text/clean.ts';
import { given, type Result, refused } from '../../result.ts';
import type { AtStake } from './at-stake.ts';
import { isForbidden, lockOf } from './lock-choice.ts';

interface LockedServer {
  readonly name: string;
  /** The server's datadir; undefined: unknown. */
  readonly datadir: string | undefined;
}

const deadlineMs = 30_000;

/**
 * The lock that blocks the server's datadir; undefined: there is none. Refused if it may be another server's, or
 * belongs to an unfinished job of this account.
 */
export async function findLock(
  remote: Remote,
  server: LockedServer,
  { open, heldBy }: AtStake,
): Promise<Result<HostLock | undefined>> {
  const { name, datadir = '' } = server;
  const shown = await remote.exec(await scriptText('host-lock'), showLocksWords(datadir), {
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

/**
 * By the job's key: if another job has taken the lock meanwhile, it stays. The host refuses the further commands of the job first: its runner may wake up, and would
 * go on beside the next job. `unrefused`: why it does not, as of a full disk; the lock is taken all the same.
 */
export async function breakLock(
  remote: Remote,
  lock: HostLock,
  who: Who,
  stake: Pick<AtStake, 'needed'>,
): Promise<Result<{ readonly unrefused?: string }>> {
  const job = cleanLine(lock.job);
  const asked = isForbidden(lock, stake) ? await forbid(remote, job, who) : undefined;
  const words = endLockWords('break', { job, datadir: lock.datadir });
  const broken = await remote.exec(await scriptText('host-lock'), words, { deadlineMs, label: 'host-lock break' });
  if (!broken.ok) return refused({ kind: 'unreachable', message: broken.message, advice: broken.advice });
  return given(asked && !asked.ok ? { unrefused: cleanLine(asked.printed.trim() || asked.message) } : {});
}

async function forbid(remote: Remote, job: string, who: Who) {
  const words = forbidWords({ job, who: `${whoLine(who)} (reseed unlock)` });
  return await remote.exec(await scriptText('host-fence'), words, { deadlineMs, label: 'host-fence forbid' });
}
