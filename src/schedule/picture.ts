// What is shown of schedules: for the verbs, and for the console, whose first frame must not load what plans and runs jobs. Pure.
import { isDeepStrictEqual } from 'node:util';
import type { Schedule } from '../inventory/settings.ts';
import type { ScheduledRun, ScheduleState } from '../job/journal/schedules.ts';
import type { Badge, BadgeTone } from '../text/badge.ts';

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

/** A recovery that a rule has planned, and that is not carried out yet. */
export interface PlannedRecovery {
  readonly host: string;
  /** `recovery is planned: seed db1 → db3`, or that there is no donor. */
  readonly text: string;
  /** The seed of that plan, by the names of donor and method; absent: there is none. */
  readonly recovery?: { readonly donor: string; readonly method: string };
}

export interface SchedulesPicture {
  readonly views: readonly ScheduleView[];
  /** Absent: none. */
  readonly planned?: readonly PlannedRecovery[];
  /** Why the journal can't be read; the schedules are as last read. */
  readonly trouble?: string;
}

/** What is shown once the journal was read again; undefined: the same. */
export const afterLook = (
  before: SchedulesPicture,
  views: readonly ScheduleView[],
  planned: readonly PlannedRecovery[] = [],
): SchedulesPicture | undefined =>
  before.trouble === undefined &&
  isDeepStrictEqual(views, before.views) &&
  isDeepStrictEqual(planned, before.planned ?? [])
    ? undefined
    : { views, ...(planned.length > 0 && { planned }) };

const order: readonly BadgeTone[] = ['bad', 'warning', 'accent', 'plain', 'dim', 'good'];

/** The last run that needs a person most; undefined: there is none yet. */
export const mostUrgent = ({ runs }: ScheduleView): RunView | undefined =>
  runs.toSorted((one, other) => order.indexOf(one.badge.tone) - order.indexOf(other.badge.tone))[0];

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
