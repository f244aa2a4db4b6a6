// The times of schedules that have come since the last look become runs that wait.
import type { Inventory, Schedule } from '../../inventory/settings.ts';
import type { ScheduledRun, ScheduleState, ScheduleStore, Settled } from '../../job/journal/schedules.ts';
import { dueAt } from '../../schedule/due.ts';
import { cronTimes } from '../../text/cron.ts';

/** A schedule that is seen for the first time begins now: it has missed nothing. So does one that is switched off. */
export function settleTimes(
  schedules: ScheduleStore,
  { schedules: all = [] }: Pick<Inventory, 'schedules'>,
  path: string,
  nowMs: number,
): void {
  const states = schedules.states(path);
  const waiting = schedules.waiting(path);
  const names = new Set(all.map(({ name }) => name));
  const isBegun = (name: string, dueMs: number) =>
    schedules
      .history(path, name, Number.MAX_SAFE_INTEGER)
      .some((run) => run.dueMs === dueMs && run.byHand === undefined);
  const settled = [
    ...all.map((schedule) => settledOf(schedule, states.get(schedule.name), { waiting, isBegun }, nowMs)),
    // One that the inventory does not have now misses nothing, if it is put back.
    ...[...states.keys()].filter((name) => !names.has(name)).map((name) => nothingOf(name, nowMs)),
  ];
  if (settled.length > 0) schedules.settle(path, settled, nowMs);
}

interface Past {
  readonly waiting: readonly ScheduledRun[];
  /** Whether that time of the schedule has a run already. */
  readonly isBegun: (name: string, dueMs: number) => boolean;
}

function settledOf(
  schedule: Schedule,
  state: ScheduleState | undefined,
  { waiting, isBegun }: Past,
  nowMs: number,
): Settled {
  const { name } = schedule;
  const nothing = nothingOf(name, nowMs);
  if (!state || state.off) return nothing;
  const times = timesOf(schedule);
  const { checkedMs, due } = dueAt(times, state.checkedMs, nowMs);
  // A clock that was far behind, as at a boot, and is set now has had it already.
  if (!due || (times.isFixed && isBegun(name, due.dueMs))) return { ...nothing, checkedMs };
  const groups = groupsOf(schedule).map((hosts) => ({
    hosts,
    before: waiting.find((run) => run.schedule === name && run.hosts.join() === hosts.join()),
  }));
  return {
    name,
    checkedMs,
    // One that still waits is not to be there twice.
    runs: groups.flatMap(({ hosts, before }) =>
      before ? [] : { schedule: name, hosts, request: requestOf(schedule), ...due },
    ),
    passed: groups.flatMap(({ before }) => (before ? { id: before.id, dueMs: due.dueMs, times: due.missed + 1 } : [])),
  };
}

const nothingOf = (name: string, checkedMs: number): Settled => ({ name, checkedMs, runs: [], passed: [] });

/** What a schedule does, as a text that is the same as long as it does the same. */
export const requestOf = ({ act }: Pick<Schedule, 'act'>): string => JSON.stringify(inOrder(act));

/** With its keys in order: an inventory may write them in any. */
const inOrder = (value: unknown): unknown =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(
        Object.entries(value)
          .toSorted(([one], [other]) => (one < other ? -1 : 1))
          .map(([key, part]) => [key, inOrder(part)]),
      )
    : value;

/** The hosts of each of its jobs. */
export const groupsOf = ({ act, hosts }: Pick<Schedule, 'act' | 'hosts'>): readonly (readonly string[])[] =>
  act.do === 'seed' ? [hosts] : hosts.map((host) => [host]);

export function timesOf({ cron, timezone }: Pick<Schedule, 'cron' | 'timezone'>) {
  const read = cronTimes(cron, timezone);
  // The inventory has refused other lines.
  if ('instead' in read) throw new Error(`${cron}: ${read.instead}`);
  return read.times;
}
