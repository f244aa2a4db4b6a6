// The schedules as a list: their rows, their columns, and one schedule in full. Pure.
import {
  mostUrgent,
  quietSince,
  type RunView,
  type SchedulesPicture,
  type ScheduleView,
} from '../../../src/schedule/picture.ts';
import { actText, missedText, whenText } from '../../../src/schedule/words.ts';
import { shortDuration } from '../../../src/text/amounts.ts';
import { clockText } from '../../../src/text/times.ts';
import { type Look, type Span, signsOf } from '../../base/theme.ts';
import { truncateSpans } from '../../base/width.ts';
import { filterOf } from '../../filter.ts';
import { block } from '../../overlays/plan-proposal.ts';
import { badgeSpan } from '../../panes/badge-span.ts';
import { joined, span } from '../../panes/fields.ts';
import type { ListColumn } from '../list/layout.ts';

export interface ScheduleRow {
  /** Its name. */
  readonly id: string;
  readonly view: ScheduleView;
}

interface Scene {
  readonly nowMs: number;
  readonly look: Look;
}

export function scheduleRows({ views }: SchedulesPicture, filter: string): readonly ScheduleRow[] {
  const passes = filterOf(filter);
  return views
    .map((view) => ({ id: view.schedule.name, view }))
    .filter(({ id, view: { schedule, runs } }) =>
      passes(() => [id, actText(schedule.act), ...schedule.hosts, ...runs.map(({ badge }) => badge.word)].join('\n')),
    );
}

/** The newest job that it began. */
export const lastJobOf = ({ runs }: ScheduleView): number | undefined => runs.find(({ job }) => job !== undefined)?.job;

export function scheduleColumns({ nowMs, look }: Scene): readonly ListColumn<ScheduleRow>[] {
  const { none } = signsOf(look);
  return [
    {
      name: 'schedule',
      title: 'SCHEDULE',
      worth: 100,
      cuts: { least: 14, worth: 70 },
      cell: ({ id }) => [span(id, 'strong')],
    },
    {
      name: 'does',
      title: 'DOES',
      worth: 80,
      cuts: { least: 16, worth: 60 },
      cell: ({ view: { schedule } }) => [span(`${actText(schedule.act)}: ${schedule.hosts.join(', ')}`)],
    },
    { name: 'when', title: 'WHEN', worth: 40, cell: ({ view: { schedule } }) => [span(whenText(schedule), 'dim')] },
    { name: 'next', title: 'NEXT', worth: 90, align: 'right', cell: ({ view }) => [nextSpan(view, nowMs, none)] },
    {
      name: 'last',
      title: 'LAST',
      worth: 95,
      cell: ({ view }) => {
        const last = mostUrgent(view);
        return [last ? badgeSpan(last.badge, look) : span('not yet', 'dim')];
      },
    },
  ];
}

function nextSpan({ nextMs, off }: ScheduleView, nowMs: number, none: string): Span {
  if (off) return span(`${none} off`, 'warning');
  return span(nextMs === undefined ? '?' : `in ${shortDuration(Math.max(0, nextMs - nowMs))}`);
}

/** `4 schedules`; whether anything looks at them. */
export function schedulesSummary(picture: SchedulesPicture, { nowMs, look }: Scene, width: number): readonly Span[] {
  const { views, trouble } = picture;
  const quiet = quietSince(views, nowMs);
  const since = quiet?.sinceMs === undefined ? 'yet' : `for ${shortDuration(nowMs - quiet.sinceMs)}`;
  const warning = trouble ?? (quiet ? `no tick ${since}: they begin no job; reseed schedule install` : '');
  const line = [
    span(' schedules  ', 'strong'),
    span(views.length === 0 ? 'the inventory has none' : String(views.length)),
    span(warning === '' ? '' : `  ${signsOf(look).warning} ${warning}`, 'warning'),
  ];
  return truncateSpans(line, width, signsOf(look).ellipsis);
}

export function scheduleDetails({ id, view }: ScheduleRow, height: number, width: number, { nowMs, look }: Scene) {
  const { schedule, off, nextMs, runs } = view;
  const sign = signsOf(look);
  const lines: readonly (readonly Span[])[] = [
    [span(` ${sign.rule.repeat(2)} `, 'dim'), span(id, 'strong')],
    [
      span(
        `   ${joined(
          look,
          whenText(schedule),
          nextMs !== undefined && `next ${clockText(new Date(nextMs), new Date(nowMs))}`,
          off && `off since ${clockText(new Date(off.sinceMs), new Date(nowMs))}, by ${off.by}`,
        )}`,
      ),
    ],
    ...runs.flatMap((run) => block('   ', runText(run, nowMs), run.badge.tone === 'bad' ? 'bad' : 'plain', width)),
  ];
  return lines.slice(0, height).map((line) => truncateSpans(line, width, sign.ellipsis));
}

function runText({ hosts, badge, state, queuedMs, dueMs, job, missed, why }: RunView, nowMs: number): string {
  const when =
    state === 'waiting' ? shortDuration(Math.max(0, nowMs - queuedMs)) : clockText(new Date(dueMs), new Date(nowMs));
  const number = job === undefined ? '' : `, job ${job}`;
  return `${hosts.join(', ')}: ${badge.word} ${when}${number}${missedText(missed)}${why === undefined ? '' : `: ${why}`}`;
}
