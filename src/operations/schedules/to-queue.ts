// The runs that are still to begin. The others of those that wait are decided: their job is there, the inventory or an operator has taken them
// back, or it is too late.
import type { Inventory, Schedule } from '../../inventory/settings.ts';
import type { RunState, ScheduledRun, ScheduleState, ScheduleStore } from '../../job/journal/schedules.ts';
import { shortDuration } from '../../text/amounts.ts';
import { groupsOf, requestOf } from './settle.ts';

export interface Ready {
  readonly run: ScheduledRun;
  readonly schedule: Schedule;
}

export interface Decided {
  readonly run: ScheduledRun;
  readonly end: { readonly state: RunState; readonly reason?: string; readonly job?: number };
}

interface At {
  readonly inventory: Pick<Inventory, 'schedules'>;
  /** The inventory's absolute path. */
  readonly path: string;
  readonly nowMs: number;
}

export function toQueue(
  waiting: readonly ScheduledRun[],
  store: ScheduleStore,
  { inventory: { schedules = [] }, path, nowMs }: At,
): { readonly ready: readonly Ready[]; readonly over: readonly Decided[] } {
  const states = store.states(path);
  const ready: Ready[] = [];
  const over: Decided[] = [];
  for (const run of waiting) {
    const schedule = schedules.find((one) => one.name === run.schedule && isGroupOf(one, run.hosts));
    const job = run.key === undefined ? undefined : store.jobWithKey(run.key);
    // The process that recorded the job ended before it could record that here.
    const end =
      job === undefined ? endOf(schedule, run, states.get(run.schedule), nowMs) : ({ state: 'begun', job } as const);
    if (end) over.push({ run, end });
    else if (schedule) ready.push({ run, schedule });
  }
  return { ready, over };
}

/** A seed of other targets than those that wait is another request. */
const isGroupOf = (schedule: Schedule, hosts: readonly string[]): boolean =>
  groupsOf(schedule).some((group) => group.join('\n') === hosts.join('\n'));

function endOf(
  schedule: Schedule | undefined,
  run: ScheduledRun,
  state: ScheduleState | undefined,
  nowMs: number,
): Decided['end'] | undefined {
  if (!schedule) return { state: 'dropped', reason: 'the inventory does not have it any more' };
  if (run.request !== requestOf(schedule))
    return { state: 'dropped', reason: 'the inventory has another request under this name since' };
  // One that an operator has begun since is meant.
  if (state?.off && (run.byHand === undefined || run.queuedMs < state.off.sinceMs))
    return { state: 'dropped', reason: `switched off by ${state.off.by}` };
  const late = lateText(schedule, run, nowMs);
  return late === undefined ? undefined : { state: 'missed', reason: late };
}

/** An operator who asked for it now does not mean another day. */
const byHandMs = 86_400_000;

function lateText(schedule: Schedule, run: ScheduledRun, nowMs: number): string | undefined {
  const { dueMs, byHand, reason } = run;
  const lateMs = nowMs - dueMs;
  const mostMs = Math.min(
    schedule.startWithinMs ?? Number.POSITIVE_INFINITY,
    byHand ? byHandMs : Number.POSITIVE_INFINITY,
  );
  if (lateMs <= mostMs) return undefined;
  const words =
    mostMs === schedule.startWithinMs
      ? `it was due ${shortDuration(lateMs)} ago, and may begin ${shortDuration(mostMs)} after its time at most (startWithin)`
      : `it was begun by hand ${shortDuration(lateMs)} ago, and such a run waits for a day at most`;
  return reason === undefined ? words : `${words}; it waited: ${reason}`;
}
