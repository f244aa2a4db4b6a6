// How many connections may be on their way at once. sshd drops at random once 10 are unauthenticated (MaxStartups
// 10:30:100), so a bastion with a fleet behind it must not be dialled by all at the same time; and no more than this machine
// keeps up with: a handshake that lies here unread is one that the host gives up.
import pLimit, { type LimitFunction } from 'p-limit';
import { deadlineIn, latenessWhile, type OwnWait } from './deadline.ts';
import type { Outcome } from './failure.ts';

export interface FirstHop {
  readonly name: string;
  /** Has the time until the turn comes. */
  readonly wait: OwnWait;
}

/** Runs `connect` when there is room at the first machine on the way. Tried again where it failed while this process was late: that was no word of the host. */
export type Gate = <T>(first: FirstHop, connect: () => Promise<Outcome<T>>) => Promise<Outcome<T>>;

const minInAll = 4;
/** A failed try counts for nothing where this process was late for so long, and for this part of the try. */
const lateMs = 1000;
const latePart = 0.25;
const maxTries = 5;
/** A handshake that had our attention for so long waits for its host. That costs nothing here, and others need not wait for it. */
const oursAtMostMs = 2000;

/** At most `perMachine` connecting at once to one machine, at most `inAll` have our attention from here; fewer while this process is late. */
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

/** Waits for a place. Gives what leaves it, which may be called twice. */
function place(limit: LimitFunction): Promise<() => void> {
  return new Promise((taken) => void limit(() => new Promise<void>(taken)));
}
