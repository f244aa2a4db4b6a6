// The schedules of an inventory as an operator sees them: when each comes next, how the last one ended, what waits.
import type { Inventory, Schedule } from '../../inventory/settings.ts';
import type { ScheduledRun, ScheduleState } from '../../job/journal/schedules.ts';
import { damagedBadge, jobBadge } from '../../job/words/badges.ts';
import { runBadges } from '../../schedule/badges.ts';
import type { Badge, BadgeTone } from '../../text/badge.ts';
import { carriedOn, type JobStore } from '../jobs/job-store.ts';
import { groupsOf, timesOf } from './settle.ts';

export interface RunView extends ScheduledRun {
  readonly badge: Badge;
  /** Why its job failed, or why there is none. */
  readonly why?: string;
}

export interface ScheduleView {
  readonly schedule: Schedule;
  /** Absent: it is switched off. */
  readonly nextMs?: number;
  readonly off?: ScheduleState['off'];
  /** When its times were looked at last; absent: never. */
  readonly checkedMs?: number;
  /** What waits, and the last run of each host that it has now; the newest first. */
  readonly runs: readonly RunView[];
}

export interface SchedulesPicture {
  readonly views: readonly ScheduleView[];
  /** Why the journal can't be read; the schedules are as last read. */
  readonly trouble?: string;
}

const order: readonly BadgeTone[] = ['bad', 'warning', 'accent', 'plain', 'dim', 'good'];

/** The last run that needs a person most; undefined: there is none yet. */
export const mostUrgent = ({ runs }: ScheduleView): RunView | undefined =>
  runs.toSorted((one, other) => order.indexOf(one.badge.tone) - order.indexOf(other.badge.tone))[0];

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

/** Longer than two ticks of the timer are apart. */
const quietMs = 3 * 60_000;

/** Nothing looks at the schedules; `sinceMs` undefined: nothing has ever. undefined: all is well, or there are none. */
export function quietSince(
  views: readonly ScheduleView[],
  nowMs: number,
): { readonly sinceMs: number | undefined } | undefined {
  if (views.length === 0) return undefined;
  const known = views.flatMap(({ checkedMs }) => checkedMs ?? []);
  if (known.length === 0) return { sinceMs: undefined };
  const sinceMs = Math.max(...known);
  return nowMs - sinceMs > quietMs ? { sinceMs } : undefined;
}
