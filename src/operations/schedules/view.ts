// The schedules of an inventory as an operator sees them: when each comes next, how the last one ended, what waits.
import type { Inventory } from '../../inventory/settings.ts';
import type { ScheduledRun } from '../../job/journal/schedules.ts';
import { damagedBadge, jobBadge } from '../../job/words/badges.ts';
import { runBadges } from '../../schedule/badges.ts';
import type { RunView, ScheduleView } from '../../schedule/picture.ts';
import { carriedOn, type JobStore } from '../jobs/job-store.ts';
import { groupsOf, timesOf } from './settle.ts';

/** `path`: the inventory's absolute path. In the order of the inventory. */
export function scheduleViews(
  store: JobStore,
  { schedules = [] }: Pick<Inventory, 'schedules'>,
  path: string,
  nowMs: number,
): readonly ScheduleView[] {
  const states = store.journal.schedules.states(path);
  const runs = store.journal.schedules.newest(path);
  return schedules.map((schedule): ScheduleView => {
    const { off, checkedMs } = states.get(schedule.name) ?? {};
    const [nextMs] = off ? [] : timesOf(schedule).next(nowMs, 1);
    const groups = new Set(groupsOf(schedule).map((hosts) => hosts.join()));
    const own = runs.filter((run) => run.schedule === schedule.name && groups.has(run.hosts.join()));
    return {
      schedule,
      ...(nextMs !== undefined && { nextMs }),
      ...(off && { off }),
      ...(checkedMs !== undefined && { checkedMs }),
      runs: own.map((run) => runView(store, run)),
    };
  });
}

function runView(store: JobStore, run: ScheduledRun): RunView {
  const { state, reason, job: id } = run;
  if (state !== 'begun') return { ...run, badge: runBadges[state], ...(reason !== undefined && { why: reason }) };
  const [job] = id === undefined ? [] : store.journal.jobsOf([id]);
  if (!job) return { ...run, badge: damagedBadge };
  return { ...run, badge: jobBadge(job, carriedOn(store, job)), ...(job.error !== undefined && { why: job.error }) };
}
