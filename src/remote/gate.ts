// How many connections may be started at once. sshd drops at random once 10 are unauthenticated (MaxStartups
// 10:30:100), so a fleet must not dial its bastion all at the same time. This machine has a limit too: a host gives up
// a handshake that lies here unread.
import pLimit, { type LimitFunction } from 'p-limit';
import { deadlineIn, latenessWhile, type OwnWait } from './deadline.ts';
import type { Outcome } from './failure.ts';

export interface FirstHop {
  readonly name: string;
  /** Has the time until the turn comes. */
  readonly wait: OwnWait;
}

/**
 * Runs `connect` when there is room at the first machine of the route. Retries where it failed while this process was
 * late: that failure says nothing about the host.
 */
export type Gate = <T>(first: FirstHop, connect: () => Promise<Outcome<T>>) => Promise<Outcome<T>>;

const minInAll = 4;
/** A failed try does not count where this process was late for at least this long, and for this part of the try. */
const lateMs = 1000;
const latePart = 0.25;
const maxTries = 5;
/** A handshake that this process attended to for so long is waiting for its host. That costs nothing here, so others may start. */
const oursAtMostMs = 2000;

/** At most `perMachine` connect to one machine at once, and at most `inAll` from here; fewer while this process is late. */
export function connectingGate(perMachine = 8, inAll = 64): Gate {
  const all = pLimit(inAll);
  const byMachine = new Map<string, LimitFunction>();

  const once = async <T>(wait: OwnWait, connect: () => Promise<Outcome<T>>) => {
    const endWait = wait.begin();
    const leave = await place(all);
    endWait();
    const attention = deadlineIn(oursAtMostMs, leave);
    const startMs = performance.now();
    const lost = latenessWhile();
    try {
      const connected = await connect();
      const wasLate = lost() >= Math.max(lateMs, (performance.now() - startMs) * latePart);
      all.concurrency = wasLate
        ? Math.max(Math.min(minInAll, inAll), Math.floor(all.concurrency * 0.7))
        : Math.min(inAll, all.concurrency + 1);
      return { connected, wasLate };
    } finally {
      attention.cancel();
      leave();
    }
  };

  const attended = async <T>(wait: OwnWait, connect: () => Promise<Outcome<T>>) => {
    for (let tries = 1; ; tries++) {
      const { connected, wasLate } = await once(wait, connect);
      const isOurs = wasLate && !connected.ok && connected.trouble.kind === 'unreachable';
      if (!isOurs || tries === maxTries) return connected;
    }
  };

  return ({ name, wait }, connect) => {
    const own = byMachine.get(name) ?? pLimit(perMachine);
    byMachine.set(name, own);
    const endWait = wait.begin();
    const onTurn = () => {
      endWait();
      return attended(wait, connect);
    };
    return own(onTurn).finally(() => {
      if (own.activeCount === 0 && own.pendingCount === 0) byMachine.delete(name);
    });
  };
}

/** Waits for a slot. Returns the function that frees it, which may be called twice. */
function place(limit: LimitFunction): Promise<() => void> {
  return new Promise((taken) => void limit(() => new Promise<void>(taken)));
}
