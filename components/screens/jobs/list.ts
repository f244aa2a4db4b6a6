// The jobs as a list: its rows, its columns, and one job in full. Pure.

import { isOver, ranMs } from '../../../src/job/journal/record.ts';
import type { DamagedView, JobsPicture, JobView, OthersPicture } from '../../../src/job/journal/watch.ts';
import { goesOn, standsStill } from '../../../src/job/lease/runner-state.ts';
import { whoLine } from '../../../src/job/who.ts';
import { damagedBadge, diedBadge, jobBadge, lapsedBadge } from '../../../src/job/words/badges.ts';
import { doingText, troubleOf } from '../../../src/job/words/doing-words.ts';
import { progressNow } from '../../../src/job/words/progress-words.ts';
import { controlKeys, lapsedText, notRenewedText } from '../../../src/operations/jobs/words/died-words.ts';
import { shortDuration } from '../../../src/text/amounts.ts';
import { clockDuration, clockText, stepDuration } from '../../../src/text/times.ts';
import { type Look, type Span, signsOf } from '../../base/theme.ts';
import { truncateSpans } from '../../base/width.ts';
import { beginning, filterOf } from '../../filter.ts';
import { block } from '../../overlays/plan-proposal.ts';
import { badgeSpan } from '../../panes/badge-span.ts';
import { joined, span } from '../../panes/fields.ts';
import { jobStateSpan } from '../../panes/job/job-words.ts';
import type { Services } from '../../services.ts';
import type { ListColumn } from '../list/layout.ts';

interface RowOf<View, Damaged> {
  readonly id: string;
  /** `job 4` */
  readonly name: string;
  readonly view: View;
  /** A job whose record in the journal can't be read. */
  readonly damaged: Damaged;
}
export type JobRow = RowOf<JobView, undefined> | RowOf<undefined, DamagedView>;

/** The newest first. */
export function jobRows(
  { jobs, damaged = [] }: JobsPicture,
  filter: string,
  { jobs: others }: OthersPicture = { jobs: [] },
): readonly JobRow[] {
  const passes = filterOf(filter, beginning);
  const rowOf = (view: JobView): JobRow => ({
    id: nameOf(view),
    name: `job ${nameOf(view)}`,
    view,
    damaged: undefined,
  });
  const views = jobs.filter((view) => passes(() => textOf(view))).map(rowOf);
  const unread = damaged
    .filter((job) => passes(() => damagedText(job)))
    .map((job) => ({ id: String(job.id), name: `job ${job.id}`, view: undefined, damaged: job }));
  const own =
    unread.length === 0 ? views : [...views, ...unread].toSorted((one, other) => Number(other.id) - Number(one.id));
  const there = others.filter((view) => passes(() => textOf(view))).map(rowOf);
  if (there.length === 0) return own;
  return [...own, ...there].toSorted((one, other) => (begunOf(one) < begunOf(other) ? 1 : -1));
}

/** `4`, or `jump2:4`. */
const nameOf = ({ job, other }: JobView): string => other?.name ?? String(job.id);

const begunOf = ({ view, damaged }: JobRow): number =>
  (view ? view.job.createdMs : damaged.createdMs) ?? Number.POSITIVE_INFINITY;

/** `id`: a text is the name of a job of another jump host. */
export const jobOpened = (
  { store, others }: Pick<Services['jobs'], 'store' | 'others'>,
  id: number | string,
): JobView | undefined =>
  typeof id === 'number'
    ? store.getState().jobs.find(({ job }) => job.id === id)
    : others.getState().jobs.find((view) => view.other?.name === id);

const damagedText = ({ id, key, title = '', hosts, damage }: DamagedView): string =>
  [`job ${id}`, damagedBadge.word, title, ...hosts, damage.message, key].join('\n');

function textOf(view: JobView): string {
  const { plan, who, error = '', key } = view.job;
  return [
    `job ${nameOf(view)}`,
    jobBadge(view.job, view).word,
    plan.kind,
    plan.title,
    ...plan.hosts,
    whoLine(who),
    error,
    key,
  ].join('\n');
}

interface Scene {
  readonly nowMs: number;
  readonly look: Look;
}

export function jobColumns({ nowMs, look }: Scene): readonly ListColumn<JobRow>[] {
  const unknown = span('?');
  const cell =
    (of: (view: JobView) => Span, damagedOf: (job: DamagedView) => Span) =>
    ({ view, damaged }: JobRow): readonly Span[] => [view ? of(view) : damagedOf(damaged)];
  const ago = (createdMs: number) => span(`${shortDuration(nowMs - createdMs)} ago`);
  return [
    { name: 'job', title: 'JOB', worth: 100, align: 'right', cell: ({ id }) => [span(id, 'strong')] },
    {
      name: 'state',
      title: 'STATE',
      worth: 99,
      cell: cell(
        (view) => jobStateSpan(view, look),
        () => badgeSpan(damagedBadge, look),
      ),
    },
    {
      name: 'begun',
      title: 'BEGUN',
      worth: 70,
      align: 'right',
      cell: cell(
        ({ job }) => ago(job.createdMs),
        ({ createdMs }) => (createdMs === undefined ? unknown : ago(createdMs)),
      ),
    },
    {
      name: 'took',
      title: 'TOOK',
      worth: 30,
      align: 'right',
      cell: cell(
        (view) => span(tookText(view, nowMs)),
        () => unknown,
      ),
    },
    {
      name: 'what',
      title: 'WHAT',
      worth: 98,
      cuts: { least: 16, worth: 60 },
      cell: cell(
        ({ job }) => span(job.plan.title),
        ({ title }) => span(title ?? 'its record in the journal is damaged'),
      ),
    },
    {
      name: 'status',
      title: 'STATUS',
      worth: 50,
      cuts: { least: 26, worth: 20 },
      cell: cell(
        (view) => span(endText(view), view.job.error ? 'bad' : 'dim'),
        ({ damage: { at } }) => span(`column ${at.table}.${at.column}`, 'bad'),
      ),
    },
    {
      name: 'who',
      title: 'WHO',
      worth: 40,
      cell: cell(
        ({ job }) => span(whoLine(job.who), 'dim'),
        () => unknown,
      ),
    },
  ];
}

function tookText(view: JobView, nowMs: number): string {
  const { job } = view;
  if (isOver(job.state)) return stepDuration(ranMs(job, nowMs));
  return standsStill(view) ? '?' : clockDuration(ranMs(job, nowMs));
}

function endText({ job, abandoned, lapsed, other }: JobView): string {
  if (job.error) return job.error;
  if (isOver(job.state)) return '';
  if (other?.still !== undefined) return other.still;
  if (lapsed) return notRenewedText(job);
  return abandoned ? 'runner died: r or a' : doingText(job);
}

/** `2 under way · 1 runner died · 14 past`. */
export function jobsSummary(
  { jobs, damaged = [], trouble }: JobsPicture,
  width: number,
  look: Look,
  { jobs: others, line: history }: OthersPicture = { jobs: [] },
): readonly Span[] {
  const abandoned = jobs.filter((view) => view.abandoned).length;
  const over = jobs.filter(({ job }) => isOver(job.state)).length;
  const running = jobs.filter(goesOn).length;
  const lapsed = jobs.length - over - abandoned - running;
  const words = joined(
    look,
    `${running} under way`,
    abandoned > 0 && `${abandoned} ${diedBadge.word}`,
    lapsed > 0 && `${lapsed} ${lapsedBadge.word}`,
    `${over} past`,
    damaged.length > 0 && `${damaged.length} ${damagedBadge.word}`,
    others.length > 0 && `${others.length} of other jump hosts`,
  );
  const line: readonly Span[] = [
    span(' jobs  ', 'strong'),
    span(
      jobs.length + damaged.length + others.length === 0
        ? 'none yet: s takes a snapshot, U D B start, stop and restart a server'
        : words,
    ),
    ...[trouble, history]
      .filter((text) => text !== undefined)
      .map((text) => span(`  ${signsOf(look).warning} ${text}`, 'warning')),
  ];
  return truncateSpans(line, width, signsOf(look).ellipsis);
}

/** `copy db1 → db4 54 %, try 3 of 3`, and why the previous try failed. */
function troubleLines(job: JobView['job'], width: number, look: Look): readonly (readonly Span[])[] {
  const lastError = progressNow(job)?.lastError;
  if (lastError === undefined && troubleOf(job).length === 0) return [];
  const last = lastError === undefined ? '' : `; last error: ${lastError}`;
  return block(` ${signsOf(look).warning} `, `${doingText(job)}${last}`, 'warning', width);
}

/** Which operator started the job, from where, and how it ended. */
export function jobDetails(
  { view, damaged }: JobRow,
  height: number,
  width: number,
  look: Look,
): readonly (readonly Span[])[] {
  if (!view) return damagedLines(damaged, width, look).slice(0, height);
  const { job, abandoned, lapsed, other } = view;
  const sign = signsOf(look);
  const begun = clockText(new Date(job.createdMs));
  const done = job.steps.filter(({ state }) => state === 'done').length;
  const head = joined(
    look,
    whoLine(job.who),
    begun,
    `${done} of ${job.steps.length} steps`,
    `on ${job.plan.hosts.join(', ')}`,
  );
  const end = job.error
    ? block(` ${sign.bad} `, job.error, job.state === 'aborted' ? 'warning' : 'bad', width)
    : other?.still !== undefined
      ? block(` ${sign.warning} `, other.still, 'warning', width)
      : abandoned
        ? block(` ${sign.warning} `, `runner died. ${controlKeys(job)}`, 'warning', width)
        : lapsed
          ? block(` ${sign.warning} `, lapsedText(job), 'warning', width)
          : troubleLines(job, width, look);
  const lines: readonly (readonly Span[])[] = [
    [span(` ${sign.rule.repeat(2)} `, 'dim'), span(`job ${nameOf(view)} ${sign.dot} ${job.plan.title}`, 'strong')],
    [span(`   ${head}`, 'dim')],
    ...end,
  ];
  return lines.slice(0, height).map((line) => truncateSpans(line, width, sign.ellipsis));
}

/** Which column of its record is damaged, and what to do. */
export const damagedLines = ({ damage, advice }: DamagedView, width: number, look: Look) =>
  block(` ${signsOf(look).bad} `, `${damage.message}; ${advice}`, 'bad', width);
