// Which of a host's locks `unlock` may take away: that of the server it was asked for, and no other one's. Pure.
import type { HostLock } from '../../../job/lock-step.ts';
import { cleanLine } from '../../../text/clean.ts';

interface LockedServer {
  readonly name: string;
  /** Where its data lies; undefined: not known. */
  readonly datadir: string | undefined;
}

/** `lock` is absent where there is none. */
export type LockChoice =
  | { readonly ok: true; readonly lock?: HostLock }
  | { readonly ok: false; readonly message: string; readonly advice: string };

/** `locks`: those that keep others from the datadir; where it is not known, every lock of the host. */
export function lockOf({ name, datadir }: LockedServer, locks: readonly HostLock[]): LockChoice {
  const [lock] = locks;
  const other = locks.find((one) => one.datadir !== '');
  // Even a single one may be another server's: its job may be at work.
  if (datadir !== undefined || other === undefined) return { ok: true, ...(lock && { lock }) };
  const each = locks.map((one) => `job ${cleanLine(one.job)} of ${cleanLine(one.who)} has ${placeOf(one)}`);
  return {
    ok: false,
    message: `where the data of ${name} lies is not known, and on its host ${each.join(', ')}`,
    advice: `start its server and try again; or, if that is its datadir: reseed unlock ${name} --datadir=${cleanLine(other.datadir)}`,
  };
}

/** What is taken from whom, before it is agreed to. */
export function unlockSentence(name: string, lock: HostLock): string {
  const whose = `${name} is locked by job ${cleanLine(lock.job)} of ${cleanLine(lock.who)}`;
  return `${whose}, which has ${placeOf(lock)}: if it still works there, two jobs will`;
}

const placeOf = ({ datadir }: HostLock) => (datadir === '' ? 'the whole host' : cleanLine(datadir));
