// Which of a host's locks `unlock` may remove: only the lock of the server that it was asked for. Pure.
import type { HostLock } from '../../../job/lock-step.ts';
import { isKey } from '../../../scripts/host-fence-words.ts';
import { cleanLine } from '../../../text/clean.ts';
import type { AtStake } from './at-stake.ts';

interface LockedServer {
  readonly name: string;
  /** The server's datadir; undefined: unknown. */
  readonly datadir: string | undefined;
}

/** `lock` is absent where there is none. */
export type LockChoice =
  | { readonly ok: true; readonly lock?: HostLock }
  | { readonly ok: false; readonly message: string; readonly advice: string };

/** `locks`: those that block the datadir; if that is unknown, every lock of the host. */
export function lockOf({ name, datadir }: LockedServer, locks: readonly HostLock[]): LockChoice {
  const [lock] = locks;
  const other = locks.find((one) => one.datadir !== '');
  // Even a single lock may be another server's, whose job may be running.
  if (datadir !== undefined || other === undefined) return { ok: true, ...(lock && { lock }) };
  const each = locks.map((one) => `job ${cleanLine(one.job)} of ${cleanLine(one.who)} has ${placeOf(one)}`);
  return {
    ok: false,
    message: `where the data of ${name} lies is not known, and on its host ${each.join(', ')}`,
    advice: `start its server and try again; or, if that is its datadir: reseed unlock ${name} --datadir=${cleanLine(other.datadir)}`,
  };
}

/** Whether its further commands are refused there. A job of this account that ended cleanup-needed has no runner, and its abort is to undo what it left. */
export const isForbidden = ({ job }: Pick<HostLock, 'job'>, { needed }: Pick<AtStake, 'needed'>): boolean =>
  isKey(cleanLine(job)) && !needed.has(cleanLine(job));

/** Which lock is taken from which job, before the operator agrees. */
export function unlockSentence(name: string, lock: HostLock, stake: Pick<AtStake, 'needed'>): string {
  const whose = `${name} is locked by job ${cleanLine(lock.job)} of ${cleanLine(lock.who)}`;
  const then = isForbidden(lock, stake)
    ? 'a command of it that runs now goes on, each further one is refused there, and so is its undo'
    : 'if it still works there, two jobs will';
  return `${whose}, which has ${placeOf(lock)}: ${then}`;
}

const placeOf = ({ datadir }: HostLock) => (datadir === '' ? 'the whole host' : cleanLine(datadir));
