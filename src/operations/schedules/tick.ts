// One look at the schedules of an inventory: times that have come become runs that wait, and those that may begin are planned anew, checked
// and begun. A schedule has no plan: its hosts are asked at its hour.
import type { Inventory, Schedule } from '../../inventory/settings.ts';
import type { JobRecord } from '../../job/journal/record.ts';
import type { ScheduledRun } from '../../job/journal/schedules.ts';
import { queued } from '../../schedule/queue.ts';
import { cleanLine } from '../../text/clean.ts';
import { author as authorHere, type JobStore, type PlannedJob } from '../jobs/job-store.ts';
import type { Author, Draft } from '../plans/draft.ts';
import { type Result, refused } from '../result.ts';
import { judged } from './judge.ts';
import { placeOf } from './place.ts';
import { type RunToPlan, readOnlyOf } from './plan-run.ts';
import { addRuns } from './run-now.ts';
import { settleTimes } from './settle.ts';
import { type Decided, type Ready, toQueue } from './to-queue.ts';

export interface Ticking {
  readonly store: JobStore;
  readonly inventory: Inventory;
  /** The inventory's absolute path. */
  readonly path: string;
  readonly nowMs: () => number;
  readonly plan: (run: RunToPlan, by: Author) => Promise<Result<Draft>>;
  /** Records a job and starts its runner. */
  readonly begin: (job: PlannedJob) => { readonly id: number };
  /** Which of these times are this jump host's, where several share them. Absent: it is the only one. */
  readonly claim?: (runs: readonly ScheduledRun[]) => Promise<readonly Claim[]>;
  /** Why nothing is known to work on a job; undefined: its runner does. */
  readonly stillOf: (job: JobRecord) => string | undefined;
  /** An operator asks for this one now: no time is looked at, and no other is begun. */
  readonly only?: Schedule;
  /** If it is aborted while hosts are asked, what the operator began is dropped, and other runs wait on. */
  readonly signal?: AbortSignal;
}

/** `mine`: it may begin. Else it is another's, or waits until that is known. */
export type Claim =
  | { readonly run: number; readonly is: 'mine' }
  | { readonly run: number; readonly is: 'elsewhere' | 'unknown'; readonly why: string };

/** What became of a run, or why it waits now. */
export type TickEvent = Decided;

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
  const reasons = queued(tried.map(queuedAs), placeOf(store.journal.openJobs(), inventory, ticking.stillOf));
  const held = tried.flatMap(({ run }) => {
    const reason = reasons.get(run.id);
    return reason === undefined ? [] : [waits(ticking, run, reason)];
  });
  const unheld = tried.filter(({ run }) => reasons.get(run.id) === undefined);
  const { free, given } = await claimed(ticking, unheld);
  const isEnded = () => ticking.signal?.aborted === true;
  const carried = await Promise.all(
    free.map(async (one) => {
      const drafted = await planNow(ticking, one);
      // A seed is planned for minutes: a snapshot does not wait for it.
      return isEnded() ? [] : [carriedOut(ticking, one, drafted)];
    }),
  );
  const ended = [...carried.flat(), ...(isEnded() ? takenBack(ticking) : [])];
  const all = [
    ...before.over,
    ...over,
    ...held.filter(({ run }) => !ended.some((one) => one.run.id === run.id)),
    ...given,
    ...ended,
  ];
  // An operator who asks for it now is told in any case.
  return only ? all : all.filter(isNews);
}

const waitingOf = ({ store, path, only }: Ticking): readonly ScheduledRun[] =>
  store.journal.schedules.waiting(path).filter(({ schedule }) => only === undefined || schedule === only.name);

/** What waits, without what is over, which is decided. */
function decided(ticking: Ticking): ReturnType<typeof toQueue> {
  const { store, inventory, path, nowMs } = ticking;
  const { schedules } = store.journal;
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

/** What an operator asks for now is no time of the schedule. What this inventory refuses takes no time from another jump host. */
async function claimed(ticking: Ticking, all: readonly Ready[]) {
  const { store, claim, nowMs, inventory } = ticking;
  const timed = all
    .map(({ run }) => run)
    .filter(({ byHand, hosts }) => byHand === undefined && !readOnlyOf(inventory, hosts));
  const claims = claim && timed.length > 0 ? await claim(timed) : [];
  const given = claims.flatMap((one): TickEvent[] => {
    const run = timed.find(({ id }) => id === one.run);
    if (one.is === 'mine' || !run) return [];
    if (one.is === 'unknown') return [waits(ticking, run, one.why)];
    const end = { state: 'elsewhere', reason: one.why } as const;
    store.journal.schedules.decide(run.id, end, nowMs());
    return [{ run, end }];
  });
  const taken = new Set(given.map(({ run }) => run.id));
  return { free: all.filter(({ run }) => !taken.has(run.id)), given };
}

/** A run that waits as before is none. */
const isNews = ({ run, end }: TickEvent) => end.state !== 'waiting' || end.reason !== run.reason;

function waits({ store }: Ticking, run: ScheduledRun, reason: string): TickEvent {
  store.journal.schedules.wait(run.id, reason);
  return { run, end: { state: 'waiting', reason } };
}

const queuedAs = ({ run, schedule: { name, act } }: Ready) => ({
  id: run.id,
  schedule: name,
  hosts: act.do === 'seed' ? [act.donor, ...run.hosts] : run.hosts,
});

/** Hosts that are away are asked less and less often. */
function isToTry({ away }: ScheduledRun, nowMs: number): boolean {
  if (!away || nowMs < away.lastMs) return true;
  return nowMs - away.lastMs >= Math.min(2 ** (away.tries - 1) * 60_000, mostBetweenTriesMs);
}

async function planNow({ plan, nowMs }: Ticking, { run, schedule }: Ready): Promise<Result<Draft>> {
  const { key, who } = authorHere();
  const by = { key, who: { ...who, schedule: schedule.name }, nowMs: nowMs() };
  try {
    return await plan({ schedule, hosts: run.hosts }, by);
  } catch (error) {
    // The other schedules go on. This one has it as its result.
    const message = cleanLine(error instanceof Error ? error.message : String(error));
    return refused({ kind: 'failed', message, advice: '' });
  }
}

function carriedOut(ticking: Ticking, { run, schedule }: Ready, drafted: Result<Draft>): TickEvent {
  const { store, begin, nowMs } = ticking;
  const { schedules } = store.journal;
  const verdict = judged(store, schedule, run.hosts, drafted);
  if ('begins' in verdict) {
    // If this process ends in between, the next tick finds the job by its key.
    schedules.setKey(run.id, verdict.begins.key);
    const { id: job } = begin(verdict.begins);
    schedules.decide(run.id, { state: 'begun', job }, nowMs());
    return { run, end: { state: 'begun', job } };
  }
  const { state, reason, isAway } = verdict;
  if (state !== 'waiting') schedules.decide(run.id, { state, reason }, nowMs());
  else if (isAway) schedules.waitForHosts(run.id, reason, nowMs());
  else return waits(ticking, run, reason);
  return { run, end: { state, reason } };
}
