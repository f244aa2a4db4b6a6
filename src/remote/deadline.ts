// Deadlines that measure the host, and not this process. While this process was not scheduled, or its event loop was
// busy, an answer may have waited here unread: that time does not count.

/** How often a deadline checks for lateness of the event loop. */
const lookEveryMs = 100;
/** On an idle machine too, a timer is late by up to this much. */
const usualLatenessMs = 100;

let pending = 0;
let looking: NodeJS.Timeout | undefined;
let lookedMs = 0;
let lostMs = 0;

export interface Deadline {
  cancel(): void;
}

/**
 * Calls `onReached` after `afterMs` of time in which this process could read answers. `waitedHereMs` is further time
 * that does not count, as a running total: a host that was not dialled yet has not been slow.
 */
export function deadlineIn(afterMs: number, onReached: () => void, waitedHereMs: () => number = () => 0): Deadline {
  let over = false;
  begin();
  const oursMs = () => oursSoFar() + waitedHereMs();
  const [startMs, oursAtStartMs] = [performance.now(), oursMs()];
  const check = () => {
    const leftMs = afterMs - (performance.now() - startMs - (oursMs() - oursAtStartMs));
    // Answers that came meanwhile are read before the next timer. A timer may be early by less than a millisecond.
    if (leftMs >= 1) timer = setTimeout(check, leftMs);
    else if (cancel()) onReached();
  };
  let timer = setTimeout(check, afterMs);
  const cancel = (): boolean => {
    if (over) return false;
    over = true;
    clearTimeout(timer);
    end();
    return true;
  };
  return { cancel };
}

interface Program {
  kill(): boolean;
  /** Absent: this process does not read them. */
  readonly stdout?: { destroy(): unknown } | null;
  readonly stderr?: { destroy(): unknown } | null;
}

/**
 * Waits for a program's end, and kills it after `afterMs`, counted as in deadlineIn. Processes that it started may hold
 * its outputs open for longer; the outputs are then not read to their end.
 */
export async function endedWithin<T>(child: PromiseLike<T> & Program, afterMs: number): Promise<T> {
  const deadline = deadlineIn(afterMs, () => {
    child.kill();
    child.stdout?.destroy();
    child.stderr?.destroy();
  });
  try {
    return await child;
  } finally {
    deadline.cancel();
  }
}

/** Returns a function that gives the milliseconds by which this process was late since now. Its first call ends the measurement. */
export function latenessWhile(): () => number {
  const fromMs = oursSoFar();
  begin();
  let measured: number | undefined;
  return () => {
    if (measured === undefined) {
      measured = oursSoFar() - fromMs;
      end();
    }
    return measured;
  };
}

/** Milliseconds in which this process could read answers: so long it waited for a host that does not answer. */
export type WatchedMs = () => number;

/**
 * For work that judges a host by how long it waited. While this machine sleeps, or this process is not scheduled, it
 * does not wait for a host.
 */
export async function byWatchedClock<T>(work: (watchedMs: WatchedMs) => Promise<T>): Promise<T> {
  begin();
  const now = () => performance.now() - oursSoFar();
  const startMs = now();
  return await work(() => now() - startMs).finally(end);
}

function begin(): void {
  pending++;
  if (looking) return;
  lookedMs = performance.now();
  looking = setInterval(look, lookEveryMs);
  // The deadline's own timer keeps the process alive.
  looking.unref();
}

function end(): void {
  pending--;
  if (pending > 0) return;
  look();
  clearInterval(looking);
  looking = undefined;
}

function look(): void {
  lostMs = oursSoFar();
  lookedMs = performance.now();
}

/** Includes the lateness of this very moment: a deadline's timer may fire before ours. */
function oursSoFar(): number {
  if (!looking) return lostMs;
  const gapMs = performance.now() - lookedMs;
  return gapMs > lookEveryMs + usualLatenessMs ? lostMs + gapMs - lookEveryMs : lostMs;
}

/** Time that one connection spends here before its host has a part in it: reading the configuration, waiting for its turn. */
export interface OwnWait {
  /** Starts the count; returns the function that stops it. */
  begin(): () => void;
  ms(): number;
}

export function ownWait(): OwnWait {
  let open = 0;
  let sinceMs = 0;
  let sumMs = 0;
  return {
    begin: () => {
      if (open++ === 0) sinceMs = performance.now();
      let ended = false;
      return () => {
        if (ended) return;
        ended = true;
        if (--open === 0) sumMs += performance.now() - sinceMs;
      };
    },
    ms: () => sumMs + (open > 0 ? performance.now() - sinceMs : 0),
  };
}
