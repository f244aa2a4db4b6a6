// Deadlines that say something of a host, and not of this process. Where this process was not scheduled, or its event loop was busy,
// an answer may have lain here unread: that time does not count.

/** How often the event loop is looked at while a deadline runs. */
const lookEveryMs = 100;
/** A timer is late by some of this on a machine that is at rest. */
const usualLatenessMs = 100;

let pending = 0;
let looking: NodeJS.Timeout | undefined;
let lookedMs = 0;
let lostMs = 0;

export interface Deadline {
  cancel(): void;
}

/**
 * Calls `onReached` when `afterMs` have passed in which this process attended to what came. `waitedHereMs`: further time that is ours,
 * as it has grown until now: a host that was not dialled yet has not been slow.
 */
export function deadlineIn(afterMs: number, onReached: () => void, waitedHereMs: () => number = () => 0): Deadline {
  let over = false;
  begin();
  const oursMs = () => oursSoFar() + waitedHereMs();
  const [startMs, oursAtStartMs] = [performance.now(), oursMs()];
  const check = () => {
    const leftMs = afterMs - (performance.now() - startMs - (oursMs() - oursAtStartMs));
    // What came meanwhile is read before the next timer. A timer may be early by less than a millisecond.
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
  /** Absent: they are not read here. */
  readonly stdout?: { destroy(): unknown } | null;
  readonly stderr?: { destroy(): unknown } | null;
}

/**
 * A program's end; it is killed when this process has waited for `afterMs`, as deadlineIn counts. What it started may hold its outputs open
 * for longer: they are not read to their end then.
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

/** Milliseconds that this process was late by, since somewhen: the difference of two is what was lost between them. */
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

/** Milliseconds in which this process attended to what came: a host that does not answer was waited for so long. */
export type WatchedMs = () => number;

/**
 * For work that says something of a host by how long it waited. A machine that sleeps, or a process that is not scheduled, waits for no
 * host meanwhile.
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
  // A deadline's own timer keeps the process.
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

/** With what is being lost right now: a deadline's timer may come before ours. */
function oursSoFar(): number {
  if (!looking) return lostMs;
  const gapMs = performance.now() - lookedMs;
  return gapMs > lookEveryMs + usualLatenessMs ? lostMs + gapMs - lookEveryMs : lostMs;
}

/** Time of one connection that goes by here, before its host has a part in it: its configuration is read, its turn comes. */
export interface OwnWait {
  /** Gives what ends it. */
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
