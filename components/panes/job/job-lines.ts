// The job's screen above its log: the job, its progress, its steps, what it holds, why it failed. Pure.

import { heardMs, isOver, type JobRecord, ranMs } from '../../../src/job/journal/record.ts';
import type { JobView } from '../../../src/job/journal/watch.ts';
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
import { jobStateSpan } from './job-words.ts';
import { type JobScene, runningLines, stepLines } from './step-list.ts';
import { targetColumns, targetRows } from './target-rows.ts';

/** At most `most` lines. The targets of a job with several are a table among them. */
export function jobLines(view: JobView, most: number, scene: JobScene): TabledText {
  // Why it does not go on, and what to do, comes before what it did.
  const above = [titleLine(view, scene), whoLines(view.job, scene), ...endLines(view, scene)];
  const below = [...runningLines(view, scene), ...throughputLines(view, scene), ...holdLines(view, scene)];
  const room = most - above.length - below.length;
  const targets = targetTable(view, Math.min(Math.floor(most / 3), room - fewestSteps), scene);
  const steps = stepLines(view, Math.max(1, room - (targets?.lines.length ?? 0)), scene, targets === undefined);
  const before = [...above, ...steps];
  if (!targets) return { lines: [...before, ...below].slice(0, most) };
  const { lines, table } = amid(before, targets, below);
  return { lines: lines.slice(0, most), table };
}

/** The least number of lines for the steps. */
const fewestSteps = 3;

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

function endLines(
  { job, abandoned, lapsed, other, ends = [] }: JobView,
  { look, width, next }: JobScene,
): readonly PaneLine[] {
  const sign = signsOf(look);
  const lines = (mark: string, text: string, tone: Tone) =>
    wrapped(text, Math.max(10, width - 4)).map(
      (line, index): PaneLine => [span(index === 0 ? ` ${mark} ${line}` : `   ${line}`, tone)],
    );
  return [
    ...doneWords(job).flatMap((text) => lines(sign.good, text, 'good')),
    ...(job.error ? lines(sign.bad, job.error, job.state === 'aborted' ? 'warning' : 'bad') : []),
    ...(job.state === 'cleanup-needed' ? lines(sign.warning, undoesLeft(job, other?.from), 'warning') : []),
    ...ends
      .filter(({ about }) => about !== 'next')
      .flatMap(({ text, about }) => lines(sign.dot, text, about === 'left' ? 'bad' : 'plain')),
    ...(other?.still === undefined ? [] : lines(sign.warning, other.still, 'warning')),
    ...(abandoned && !other
      ? lines(
          sign.warning,
          `runner died, last heard of ${clockText(new Date(heardMs(job)))}. ${controlKeys(job)}`,
          'warning',
        )
      : []),
    ...(lapsed && !other ? lines(sign.warning, lapsedText(job), 'warning') : []),
    ...(isOver(job.state) && next ? lines(sign.dot, `next: ${next}`, 'accent') : []),
  ];
}
