// The job's screen above its log: the job, its progress, its steps, what it holds, why it failed. Pure.

import { heardMs, isOver, type JobRecord, ranMs } from '../../../src/job/journal/record.ts';
import type { JobView } from '../../../src/job/journal/watch.ts';
import { lostLanes } from '../../../src/job/lanes.ts';
import { standsStill } from '../../../src/job/lease/runner-state.ts';
import { whoLine } from '../../../src/job/who.ts';
import { resourceBadge } from '../../../src/job/words/badges.ts';
import { currentRate, doneBytesOf, rates, remainingMs } from '../../../src/job/words/throughput.ts';
import { leftText, timeLeftMs, type UsualTimes } from '../../../src/job/words/time-left.ts';
import { controlKeys, lapsedText } from '../../../src/operations/jobs/words/died-words.ts';
import { doneWords } from '../../../src/operations/jobs/words/done-words.ts';
import { undoesLeft } from '../../../src/operations/jobs/words/end-words.ts';
import { shortDuration } from '../../../src/text/amounts.ts';
import { bytesPerSecondText } from '../../../src/text/rate.ts';
import { clockDuration, clockText, stepDuration } from '../../../src/text/times.ts';
import { wrapped } from '../../../src/text/wrap.ts';
import type { TabledText } from '../../base/SmallTable.tsx';
import { sparkline } from '../../base/Sparkline.ts';
import { signsOf, type Tone } from '../../base/theme.ts';
import { betweenEdges, truncateSpans } from '../../base/width.ts';
import { joined, type PaneLine, span } from '../fields.ts';
import { amid, fittingLines, type Tabled, tabled } from '../pane-table.ts';
import { fittedParts, needed, optional, type Part } from './fitted-parts.ts';
import { jobStateSpan } from './job-words.ts';
import { type JobScene, runningLines, stepLines } from './step-list.ts';
import { targetColumns, targetRows } from './target-rows.ts';

/** At most `most` lines. The targets of a job with several are a table among them. */
export function jobLines(view: JobView, most: number, scene: JobScene): TabledText {
  const top = [titleLine(view, scene), whoLines(view.job, scene)];
  const ends = endParts(view, scene);
  const hasTable = targetRows(view).length > 0;
  const below = [
    ...(hasTable ? lossParts(view, scene) : []),
    ...[runningLines(view, scene), throughputLines(view, scene), holdLines(view, scene)].map(optional),
  ];
  const fitted = fittedParts([...ends, ...below], Math.max(0, most - top.length - fewestSteps), scene);
  // Why it does not go on, and what to do, comes before what it did.
  const above = [...top, ...fitted.slice(0, ends.length).flat()];
  const under = fitted.slice(ends.length).flat();
  const room = most - above.length - under.length;
  const targets = targetTable(view, Math.min(Math.floor(most / 3), room - fewestSteps), scene);
  const steps = stepLines(view, Math.max(1, room - (targets?.lines.length ?? 0)), scene, targets === undefined);
  const before = [...above, ...steps];
  if (!targets) return { lines: [...before, ...under].slice(0, most) };
  const { lines, table } = amid(before, targets, under);
  return { lines: lines.slice(0, most), table };
}

/** The least number of lines for the steps. */
const fewestSteps = 3;

/** Why each target was given up: the table has no room for it. Of a job that is over its error tells. */
function lossParts({ job }: JobView, { look, width }: JobScene): readonly Part[] {
  if (isOver(job.state)) return [];
  return Object.entries(lostLanes(job)).map(([lane, why]) =>
    optional(markedLines(signsOf(look).bad, `${lane}: ${why}`, 'bad', width)),
  );
}

/** At most `most` lines: the heading is left out first, then the last rows are only counted. */
function targetTable(view: JobView, most: number, scene: JobScene): Tabled | undefined {
  const rows = targetRows(view);
  if (rows.length === 0 || most < 2) return undefined;
  const shown = rows.length > most ? rows.slice(0, most - 1) : rows;
  const more = rows.length - shown.length;
  const fitting = fittingLines(tabled(targetColumns(scene.look), shown, scene), more === 0 ? most : most - 1);
  const rest: readonly PaneLine[] = more === 0 ? [] : [[span(` ${more} more targets`, 'dim')]];
  return { ...fitting, lines: [...fitting.lines, ...rest] };
}

/** ` job 17 · seed db1 → db4                     ▶ running 02:14 · ETA 04:05 `. */
function titleLine(view: JobView, { nowMs, look, width, usual }: JobScene): PaneLine {
  const { job } = view;
  const isStill = standsStill(view);
  const { ellipsis } = signsOf(look);
  const { text, tone = 'plain' } = jobStateSpan(view, look);
  const right = isOver(job.state)
    ? joined(look, text, `ran ${stepDuration(ranMs(job, nowMs))}`, idleText(job), agoText(job, nowMs))
    : joined(
        look,
        isStill ? text : `${text} ${clockDuration(ranMs(job, nowMs))}`,
        idleText(job),
        job.abortRequested && 'abort asked for',
        !isStill && (wholeLeftText(view, usual, nowMs) ?? etaText(view)),
      );
  const left = [
    span(` job ${view.other?.name ?? job.id}`, 'strong'),
    span(` ${signsOf(look).dot} ${job.plan.title}  `, 'strong'),
  ];
  return betweenEdges(left, [span(` ${right} `, tone)], width, ellipsis);
}

/** `3 h without a runner`. */
const idleText = ({ idleMs = 0 }: JobRecord) => idleMs >= 1000 && `${shortDuration(idleMs)} without a runner`;

const agoText = ({ endedMs }: JobRecord, nowMs: number) =>
  endedMs !== undefined && `ended ${shortDuration(nowMs - endedMs)} ago`;

/** For the whole job; undefined: not known yet, or jobs like it were not done here before. */
function wholeLeftText(view: JobView, usual: UsualTimes = new Map(), nowMs: number): string | undefined {
  const ms = timeLeftMs(view, usual, nowMs);
  return ms === undefined ? undefined : leftText(ms);
}

/** The remaining time for all bytes that running steps count; false: not known yet. */
function etaText({ job, samples }: JobView): string | false {
  const running = job.steps.filter(({ state, progress }) => state === 'running' && progress?.totalBytes !== undefined);
  const total = running.reduce((sum, { progress }) => sum + (progress?.totalBytes ?? 0), 0);
  const left = running.length === 0 ? undefined : remainingMs(doneBytesOf(job) ?? 0, total, currentRate(samples));
  return left !== undefined && `ETA ${clockDuration(left)}`;
}

function whoLines({ who, key, createdMs }: JobRecord, { look, width }: JobScene): PaneLine {
  const begun = clockText(new Date(createdMs));
  const words = joined(look, `asked for by ${whoLine(who)}`, `begun ${begun}`, `marked ${key} on hosts`);
  return truncateSpans([span(` ${words}`, 'dim')], width, signsOf(look).ellipsis);
}

function throughputLines(view: JobView, { look, width }: JobScene): readonly PaneLine[] {
  const { samples } = view;
  const all = rates(samples);
  const most = Math.max(0, ...all);
  if (standsStill(view) || all.length < 3 || most === 0) return [];
  const peak = `  peak ${bytesPerSecondText(most)}`;
  // Bars say nothing to a screen reader.
  if (look.linear) return [[span(' throughput ', 'dim'), span(peak.trim())]];
  return [
    [span(' throughput ', 'dim'), sparkline(all, Math.min(60, width - 12 - peak.length), look, 'accent'), span(peak)],
  ];
}

/** Resources on hosts. What an aborted or failed job left is in its end's message; removed ones are in the log. */
const standing = ['wanted', 'held', 'kept'] as const;

/** The resources that are still on hosts; released ones are in the log. */
function holdLines(view: JobView, { look, width }: JobScene): readonly PaneLine[] {
  return standing.flatMap((state) => {
    const some = view.job.resources.filter((resource) => resource.state === state);
    if (some.length === 0) return [];
    const { word, tone } = resourceBadge({ state }, standsStill(view));
    const words = joined(look, ...some.map(({ what }) => what));
    return [truncateSpans([span(` ${word}: `, 'dim'), span(words, tone)], width, signsOf(look).ellipsis)];
  });
}

function endParts(
  { job, abandoned, lapsed, other, ends = [] }: JobView,
  { look, width, next }: JobScene,
): readonly Part[] {
  const sign = signsOf(look);
  const lines = (mark: string, text: string, tone: Tone) => markedLines(mark, text, tone, width);
  const done = doneWords(job).map((text) => optional(lines(sign.good, text, 'good')));
  const error = job.error ? [optional(lines(sign.bad, job.error, job.state === 'aborted' ? 'warning' : 'bad'))] : [];
  const told = ends
    .filter(({ about }) => about !== 'next')
    .map(({ text, about }) =>
      about === 'left' ? needed(lines(sign.dot, text, 'bad')) : optional(lines(sign.dot, text, 'plain')),
    );
  const warnings = [
    other?.still,
    abandoned && !other && `runner died, last heard of ${clockText(new Date(heardMs(job)))}. ${controlKeys(job)}`,
    lapsed && !other && lapsedText(job),
  ].flatMap((text) => (text ? [needed(lines(sign.warning, text, 'warning'))] : []));
  return [
    ...done,
    ...error,
    ...(job.state === 'cleanup-needed' ? [needed(lines(sign.warning, undoesLeft(job, other?.from), 'warning'))] : []),
    ...told,
    ...warnings,
    ...(isOver(job.state) && next ? [needed(lines(sign.dot, `next: ${next}`, 'accent'))] : []),
  ];
}

const markedLines = (mark: string, text: string, tone: Tone, width: number): readonly PaneLine[] =>
  wrapped(text, Math.max(10, width - 4)).map(
    (line, index): PaneLine => [span(index === 0 ? ` ${mark} ${line}` : `   ${line}`, tone)],
  );
