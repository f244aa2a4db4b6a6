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
  const settled = all.map((schedule) => settledOf(schedule, states.get(schedule.name), waiting, nowMs));
  if (settled.length > 0) schedules.settle(path, settled, nowMs);
}

function settledOf(
  schedule: Schedule,
  state: ScheduleState | undefined,
  waiting: readonly ScheduledRun[],
  nowMs: number,
): Settled {
  const { name } = schedule;
  const nothing = { name, checkedMs: nowMs, runs: [], passed: [] };
  if (!state || state.off) return nothing;
  const { checkedMs, due } = dueAt(timesOf(schedule), state.checkedMs, nowMs);
  if (!due) return { ...nothing, checkedMs };
  const groups = groupsOf(schedule).map((hosts) => ({
    hosts,
    before: waiting.find((run) => run.schedule === name && run.hosts.join() === hosts.join()),
  }));
  return {
    name,
    checkedMs,
    // One that still waits is not to be there twice.
    runs: groups.flatMap(({ hosts, before }) => (before ? [] : { schedule: name, hosts, ...due })),
    passed: groups.flatMap(({ before }) => (before ? { id: before.id, times: due.missed + 1 } : [])),
  };
}

/** The hosts of each of its jobs. */
export const groupsOf = ({ act, hosts }: Pick<Schedule, 'act' | 'hosts'>): readonly (readonly string[])[] =>
  act.do === 'seed' ? [hosts] : hosts.map((host) => [host]);

export function timesOf({ cron, timezone }: Pick<Schedule, 'cron' | 'timezone'>) {
  const read = cronTimes(cron, timezone);
  // The inventory has refused other lines.
  if ('instead' in read) throw new Error(`${cron}: ${read.instead}`);
  return read.times;
}
