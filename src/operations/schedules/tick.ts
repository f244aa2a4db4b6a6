// One look at the schedules of an inventory: times that have come become runs that wait, and those that may begin are planned anew, checked
// and begun. A schedule has no plan: its hosts are asked at its hour.
import type { ScheduledRun } from '../../job/journal/schedules.ts';
import { inRounds } from './rounds.ts';
import { addRuns } from './run-now.ts';
import { settleTimes } from './settle.ts';
import { isEnded, type TickEvent, type Ticking } from './ticking.ts';
import { toQueue } from './to-queue.ts';

const mostBetweenTriesMs = 15 * 60_000;

/**
 * Returns what is new. The caller holds the lock of ticks. Throws where the journal's disk fails: diskTrouble describes the error.
 */
export async function tick(ticking: Ticking): Promise<readonly TickEvent[]> {
  const { store, inventory, path, nowMs, only } = ticking;
  const { schedules } = store.journal;
  // What is over is decided before the times are settled: a time that comes now must not pass for one that passed while a run waited that is
  // over.
  const before = decided(ticking);
  if (only) addRuns(schedules, path, only, nowMs());
  else settleTimes(schedules, inventory, path, nowMs());
  const { ready, over } = decided(ticking);
  // A host that is away takes no place of one that is there.
  const tried = ready
    .filter(({ run }) => only !== undefined || isToTry(run, nowMs()))
    .toSorted((one, other) => Number(one.run.away !== undefined) - Number(other.run.away !== undefined));
  const { held, done } = await inRounds(ticking, tried);
  const ended = [...done, ...(isEnded(ticking) ? takenBack(ticking) : [])];
  const all = [
    ...before.over,
    ...over,
    ...held.filter(({ run }) => !ended.some((one) => one.run.id === run.id)),
    ...ended,
  ];
  // An operator who asks for it now is told in any case.
  return only ? all : all.filter(isNews);
}

const waitingOf = ({ store, path, only }: Ticking): readonly ScheduledRun[] =>
  store.journal.schedules.waiting(path).filter(({ schedule }) => only === undefined || schedule === only.name);

/** What waits, without what is over, which is decided. */
function decided(ticking: Ticking): ReturnType<typeof toQueue> {
  const { store, inventory, path, nowMs, withdraw } = ticking;
  const { schedules } = store.journal;
  // Of a tick that was killed at a job that has no runner: it is planned anew.
  for (const { id, key } of waitingOf(ticking)) if (key !== undefined && withdraw(key)) schedules.forgetKey(id);
  const found = toQueue(waitingOf(ticking), schedules, { inventory, path, nowMs: nowMs() });
  for (const { run, end } of found.over) schedules.decide(run.id, end, nowMs());
  return found;
}

/** What an operator has begun, and then ended before there was a job. */
function takenBack(ticking: Ticking): TickEvent[] {
  const { store, only, nowMs } = ticking;
  const byHand = only ? waitingOf(ticking).filter((run) => run.byHand !== undefined) : [];
  return byHand.map((run) => {
    const end = { state: 'dropped', reason: 'it was ended before its job began' } as const;
    store.journal.schedules.decide(run.id, end, nowMs());
    return { run, end };
  });
}

/** A run that waits as before is none. */
const isNews = ({ run, end }: TickEvent) => end.state !== 'waiting' || end.reason !== run.reason;

/** Hosts that are away are asked less and less often. */
function isToTry({ away }: ScheduledRun, nowMs: number): boolean {
  if (!away || nowMs < away.lastMs) return true;
  return nowMs - away.lastMs >= Math.min(2 ** (away.tries - 1) * 60_000, mostBetweenTriesMs);
}
