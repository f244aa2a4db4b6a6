// One look at the schedules of an inventory: times that have come become runs that wait, and those that may begin are planned anew, checked
// and begun. A schedule has no plan: its hosts are asked at its hour.
import type { Inventory } from '../../inventory/settings.ts';
import type { JobRecord } from '../../job/journal/record.ts';
import type { ScheduledRun } from '../../job/journal/schedules.ts';
import { type OpenJob, type Place, queued } from '../../schedule/queue.ts';
import { cleanLine } from '../../text/clean.ts';
import { author as authorHere, type JobStore, type PlannedJob } from '../jobs/job-store.ts';
import type { Author, Draft } from '../plans/draft.ts';
import { type Result, refused } from '../result.ts';
import { judged } from './judge.ts';
import type { RunToPlan } from './plan-run.ts';
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
  /** Whether the runner of a job has ended. */
  readonly isStill: (job: JobRecord) => boolean;
  /** Only these runs, by their numbers: no time is looked at, and no other run is begun. */
  readonly only?: readonly number[];
  /** If it is aborted while hosts are asked, their runs wait on. */
  readonly signal?: AbortSignal;
}

/** What became of a run, or why it waits now. */
export type TickEvent = Decided;

const mostBetweenTriesMs = 15 * 60_000;

/**
 * Returns what is new. The caller holds the lock of ticks. Throws where the journal's disk fails: diskTrouble describes the error.
 */
export async function tick(ticking: Ticking): Promise<readonly TickEvent[]> {
  const { store, inventory, path, nowMs, only } = ticking;
  const { schedules } = store.journal;
  if (!only) settleTimes(schedules, inventory, path, nowMs());
  const waiting = schedules.waiting(path).filter(({ id }) => only?.includes(id) ?? true);
  const { ready, over } = toQueue(waiting, schedules, { inventory, path, nowMs: nowMs() });
  for (const { run, end } of over) schedules.decide(run.id, end, nowMs());
  const reasons = queued(ready.map(queuedAs), placeOf(ticking));
  const held = ready.flatMap(({ run }) => {
    const reason = reasons.get(run.id);
    return reason === undefined ? [] : [waits(ticking, run, reason)];
  });
  const free = ready.filter(({ run }) => reasons.get(run.id) === undefined && isToTry(run, nowMs()));
  const planned = await Promise.all(free.map(async (one) => ({ one, drafted: await planNow(ticking, one) })));
  if (ticking.signal?.aborted) return [...over, ...held].filter(isNews);
  const ended = planned.map(({ one, drafted }) => carriedOut(ticking, one, drafted));
  return [...over, ...held, ...ended].filter(isNews);
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

function placeOf({ store, inventory, isStill }: Ticking): Place {
  return {
    jobs: store.journal.openJobs().map(
      (job): OpenJob => ({
        words: `job ${job.id} (${job.plan.title})`,
        hosts: job.plan.hosts,
        isStill: isStill(job),
      }),
    ),
    limits: inventory.scheduleLimits ?? {},
    datacenterOf: (host) => inventory.hosts.find(({ name }) => name === host)?.datacenter,
  };
}

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
