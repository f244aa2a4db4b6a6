// reseed schedule list.

import { scheduleViews } from '../../operations/schedules/view.ts';
import { quietLook } from '../../operations/watch/watch.ts';
import { mostUrgent, quietSince, type RunView, type ScheduleView } from '../../schedule/picture.ts';
import { actText, missedText, whenText } from '../../schedule/words.ts';
import { shortDuration } from '../../text/amounts.ts';
import { badgeJson, badgeText } from '../../text/badge.ts';
import { dayText } from '../../text/times.ts';
import { printJson, printLine, tableLines } from '../answer.ts';
import type { HostOptions } from '../hosts/targets.ts';
import { inJournal, readSchedules, refusedPath } from './read-schedules.ts';

export async function list(options: HostOptions): Promise<void> {
  const read = await readSchedules(options);
  if (!read) return;
  const nowMs = Date.now();
  const found = inJournal(options, (store) => {
    if (refusedPath(options, store, read.path)) return undefined;
    const views = scheduleViews(store, read.inventory, read.path, nowMs);
    return { views, noLook: quietLook(store, read.inventory, read.path, nowMs) };
  });
  if (!found) return;
  const { views, noLook } = found;
  const isQuiet = quietSince(views, nowMs) !== undefined;
  if (options.json) printJson('schedules', { schedules: views.map(viewJson), isQuiet });
  else for (const line of listLines(views, nowMs, noLook)) printLine(line);
}

function viewJson({ schedule, nextMs, off, checkedMs, runs }: ScheduleView) {
  return {
    ...schedule,
    nextMs: nextMs ?? null,
    off: off ?? null,
    checkedMs: checkedMs ?? null,
    runs: runs.map(({ badge, key: _, ...run }) => ({ ...run, badge: badgeJson(badge) })),
  };
}

/** A table of all schedules, then a line for each run that is not simply done. Pure. */
export function listLines(
  views: readonly ScheduleView[],
  nowMs: number,
  noLook?: { readonly sinceMs: number | undefined },
): readonly string[] {
  const looking = noLook ? [quietLookLine(noLook, nowMs)] : [];
  if (views.length === 0) return ['the inventory has no schedules', ...looking];
  const rows = views.map((view) => [
    view.schedule.name,
    whenText(view.schedule),
    actText(view.schedule.act),
    view.schedule.hosts.join(','),
    nextCell(view),
    lastCell(view),
  ]);
  const told = views.flatMap(({ runs }) => runs.filter(({ badge, missed }) => badge.tone !== 'good' || missed > 0));
  const quiet = quietSince(views, nowMs);
  return [
    ...tableLines(['SCHEDULE', 'WHEN', 'DOES', 'HOSTS', 'NEXT', 'LAST'], rows),
    ...told.map((run) => runLine(run, nowMs)),
    ...(quiet ? [quietLine(quiet.sinceMs, nowMs)] : []),
    ...looking,
  ];
}

const nextCell = ({ nextMs, off }: ScheduleView): string =>
  nextMs !== undefined ? dayText(new Date(nextMs)) : off ? `– off, by ${off.by}` : 'never';

function lastCell(view: ScheduleView): string {
  const { runs } = view;
  const first = mostUrgent(view);
  if (!first) return 'not yet';
  const all = hostsOf(runs);
  const same = hostsOf(runs.filter(({ badge }) => badge.word === first.badge.word));
  const count = all > 1 ? ` (${same} of ${all})` : '';
  const waiting = first.state === 'waiting' ? 0 : hostsOf(runs.filter(({ state }) => state === 'waiting'));
  return `${badgeText(first.badge)}${count}${waiting > 0 ? `, ${waiting} waiting` : ''}`;
}

/** Of one that waits there is its last run too. */
const hostsOf = (runs: readonly RunView[]): number => new Set(runs.map(({ hosts }) => hosts.join())).size;

/** `nightly db2  ◌ waits 12 min: db2: job 41 (seed db1 to db2) works there` */
function runLine({ schedule, hosts, badge, state, queuedMs, dueMs, why, job, missed }: RunView, nowMs: number): string {
  const since = state === 'waiting' ? ` ${shortDuration(Math.max(0, nowMs - queuedMs))}` : '';
  const number = job === undefined ? '' : ` job ${job}`;
  const due = state === 'waiting' ? '' : ` (${dayText(new Date(dueMs))})`;
  const said = why === undefined ? '' : `: ${why}`;
  return `${schedule} ${hosts.join(',')}  ${badgeText(badge)}${since}${number}${due}${missedText(missed)}${said}`;
}

export const quietLine = (sinceMs: number | undefined, nowMs: number): string =>
  `! no tick${sinceMs === undefined ? ' yet' : ` for ${shortDuration(nowMs - sinceMs)}`}: schedules begin no job; reseed schedule install, or reseed schedule daemon`;

/** The same for what ticks do besides: rules, alerts, metrics. */
export const quietLookLine = ({ sinceMs }: { readonly sinceMs: number | undefined }, nowMs: number): string =>
  `! no look at the hosts${sinceMs === undefined ? ' yet' : ` for ${shortDuration(nowMs - sinceMs)}`} on this machine by this account: rules plan nothing, and no alert is told; reseed schedule install, or reseed schedule daemon`;
