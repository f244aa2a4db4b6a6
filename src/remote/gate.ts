// How many connections may be on their way at once. sshd drops at random once 10 are unauthenticated (MaxStartups
// 10:30:100), so a bastion with a fleet behind it must not be dialled by all at the same time; and no more than this machine
// keeps up with: a handshake that lies here unread is one that the host gives up.
import pLimit, { type LimitFunction } from 'p-limit';
import { latenessWhile, type OwnWait } from './deadline.ts';
import type { Outcome } from './failure.ts';

export interface Door {
  /** The first machine on the way. */
  readonly name: string;
  /** Has the time until the turn comes. */
  readonly wait: OwnWait;
}

/** Runs `connect` when there is room at the door. Tried again where it failed while this process was late: that was no word of the host. */
export type Gate = <T>(door: Door, connect: () => Promise<Outcome<T>>) => Promise<Outcome<T>>;

const fewestInAll = 4;
/** A failed try counts for nothing where this process was late for so long, and for this part of the try. */
const lateMs = 1000;
const latePart = 0.25;
const mostTries = 5;

/** At most `perDoor` connecting at once to one machine, at most `inAll` from here; fewer while this process is late. */
export function connectingGate(perDoor = 8, inAll = 64): Gate {
  const all = pLimit(inAll);
  const doors = new Map<string, LimitFunction>();

  const attended = async <T>(connect: () => Promise<Outcome<T>>) => {
    for (let tries = 1; ; tries++) {
      const startMs = performance.now();
      const lost = latenessWhile();
      const connected = await connect();
      const wasLate = lost() >= Math.max(lateMs, (performance.now() - startMs) * latePart);
      all.concurrency = wasLate
        ? Math.max(Math.min(fewestInAll, inAll), Math.floor(all.concurrency * 0.7))
        : Math.min(inAll, all.concurrency + 1);
      const isOurs = wasLate && !connected.ok && connected.trouble.kind === 'unreachable';
      if (!isOurs || tries === mostTries) return connected;
    }
  };

  return ({ name, wait }, connect) => {
    const own = doors.get(name) ?? pLimit(perDoor);
    doors.set(name, own);
    const endWait = wait.begin();
    const onTurn = () => {
      endWait();
      return attended(connect);
    };
    return own(() => all(onTurn)).finally(() => {
      if (own.activeCount === 0 && own.pendingCount === 0) doors.delete(name);
    });
  };
}
