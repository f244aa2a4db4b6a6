// How many connections may be on their way at once. sshd drops at random once 10 are unauthenticated (MaxStartups
// 10:30:100), so a bastion with a fleet behind it must not be dialled by all at the same time.
import pLimit, { type LimitFunction } from 'p-limit';

/** Runs `connect` when there is room at `door`, the first machine on the way. */
export type Gate = <T>(door: string, connect: () => Promise<T>) => Promise<T>;

/** At most `perDoor` connecting at once to one machine, at most `inAll` from here. */
export function connectingGate(perDoor = 8, inAll = 64): Gate {
  const all = pLimit(inAll);
  const doors = new Map<string, LimitFunction>();
  return (door, connect) => {
    const own = doors.get(door) ?? pLimit(perDoor);
    doors.set(door, own);
    return own(() => all(connect)).finally(() => {
      if (own.activeCount === 0 && own.pendingCount === 0) doors.delete(door);
    });
  };
}
