// The jobs as a list: its rows, its columns, and one job in full. Pure.

import { isOver } from '../../../src/job/journal/record.ts';
import type { JobsPicture, JobView } from '../../../src/job/journal/watch.ts';
import { goesOn, standsStill } from '../../../src/job/lease/runner-state.ts';
import { whoLine } from '../../../src/job/who.ts';
import { diedBadge, jobBadge, lapsedBadge } from '../../../src/job/words/badges.ts';
import { doingText, troubleOf } from '../../../src/job/words/doing-words.ts';
import { progressNow } from '../../../src/job/words/progress-words.ts';
import { controlKeys, lapsedText, notRenewedText } from '../../../src/operations/jobs/words/died-words.ts';
import { shortDuration } from '../../../src/text/amounts.ts';
import { clockDuration, clockText, stepDuration } from '../../../src/text/times.ts';
import { type Look, type Span, signsOf } from '../../base/theme.ts';
import { truncateSpans } from '../../base/width.ts';
import { beginning, filterOf } from '../../filter.ts';
import { block } from '../../overlays/plan-proposal.ts';
import { joined, span } from '../../panes/fields.ts';
import { jobStateSpan } from '../../panes/job/job-words.ts';
import type { ListColumn } from '../list/layout.ts';

export interface JobRow {
  readonly id: string;
  readonly view: JobView;
}

/** The newest first. */
export function jobRows({ jobs }: JobsPicture, filter: string): readonly JobRow[] {
  const passes = filterOf(filter, beginning);
  return jobs.filter((view) => passes(() => textOf(view))).map((view) => ({ id: String(view.job.id), view }));
}

function textOf(view: JobView): string {
  const { id, plan, who, error = '', key } = view.job;
  return [
    `job ${id}`,
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
  return [
    { title: 'JOB', width: 5, align: 'right', cell: ({ view }) => [span(String(view.job.id), 'strong')] },
    { title: 'STATE', width: 16, cell: ({ view }) => [jobStateSpan(view, look)] },
    {
      title: 'BEGUN',
      width: 10,
      align: 'right',
      cell: ({ view }) => [span(`${shortDuration(nowMs - view.job.createdMs)} ago`)],
    },
    { title: 'TOOK', width: 8, align: 'right', from: 100, cell: ({ view }) => [span(tookText(view, nowMs))] },
    { title: 'WHAT', width: 'rest', cell: ({ view }) => [span(view.job.plan.title)] },
    {
      title: 'STATUS',
      width: 26,
      from: 120,
      cell: ({ view }) => [span(endText(view), view.job.error ? 'bad' : 'dim')],
    },
    { title: 'WHO', width: 18, from: 80, cell: ({ view }) => [span(whoLine(view.job.who), 'dim')] },
  ];
}

function tookText(view: JobView, nowMs: number): string {
  const { job } = view;
  if (isOver(job.state)) return stepDuration((job.endedMs ?? nowMs) - job.createdMs);
  return standsStill(view) ? '?' : clockDuration(nowMs - job.createdMs);
}

function endText({ job, abandoned, lapsed }: JobView): string {
  if (job.error) return job.error;
  if (isOver(job.state)) return '';
  if (lapsed) return notRenewedText(job);
  return abandoned ? 'runner died: r or a' : doingText(job);
}

/** `2 under way · 1 runner died · 14 past`. */
export function jobsSummary({ jobs, trouble }: JobsPicture, width: number, look: Look): readonly Span[] {
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
  );
  const line: readonly Span[] = [
    span(' jobs  ', 'strong'),
    span(jobs.length === 0 ? 'none yet: s takes a snapshot, U D R start, stop and restart a server' : words),
    ...(trouble === undefined ? [] : [span(`  ${signsOf(look).warning} ${trouble}`, 'warning')]),
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
export function jobDetails({ view }: JobRow, height: number, width: number, look: Look): readonly (readonly Span[])[] {
  const { job, abandoned, lapsed } = view;
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
    : abandoned
      ? block(` ${sign.warning} `, `runner died. ${controlKeys(job)}`, 'warning', width)
      : lapsed
        ? block(` ${sign.warning} `, lapsedText(job), 'warning', width)
        : troubleLines(job, width, look);
  const lines: readonly (readonly Span[])[] = [
    [span(` ${sign.rule.repeat(2)} `, 'dim'), span(`job ${job.id} ${sign.dot} ${job.plan.title}`, 'strong')],
    [span(`   ${head}`, 'dim')],
    ...end,
  ];
  return lines.slice(0, height).map((line) => truncateSpans(line, width, sign.ellipsis));
}
