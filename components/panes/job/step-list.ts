// The steps of a job, each with its result, its seconds and its message; a bar where it counts bytes. Waiting steps
// have a line each while they fit. Pure.

import { isOver, type StepProgress, type StepRecord, workedMs } from '../../../src/job/journal/record.ts';
import type { JobView } from '../../../src/job/journal/watch.ts';
import { standsStill } from '../../../src/job/lease/runner-state.ts';
import { everyStep, type PlannedStep } from '../../../src/job/plan/plan.ts';
import { notRunBadge, stepBadge } from '../../../src/job/words/badges.ts';
import { percentOf } from '../../../src/job/words/doing-words.ts';
import { awayWords, progressHint, rateText } from '../../../src/job/words/progress-words.ts';
import { currentRate, remainingMs } from '../../../src/job/words/throughput.ts';
import type { UsualTimes } from '../../../src/job/words/time-left.ts';
import { shortDuration, shortSize } from '../../../src/text/amounts.ts';
import { fitColumns, type WantedColumn } from '../../../src/text/fit-columns.ts';
import { bytesPerSecondText } from '../../../src/text/rate.ts';
import { clockDuration, stepDuration } from '../../../src/text/times.ts';
import { wrapped } from '../../../src/text/wrap.ts';
import { bar } from '../../base/Bar.ts';
import { type Look, type Span, signsOf } from '../../base/theme.ts';
import { displayWidth, fitSpans, truncateSpans } from '../../base/width.ts';
import { signSpan } from '../badge-span.ts';
import { joined, type PaneLine, span } from '../fields.ts';

export interface JobScene {
  readonly nowMs: number;
  readonly look: Look;
  readonly width: number;
  /** How long steps of earlier jobs took; absent: not known. */
  readonly usual?: UsualTimes;
  /** What can be done once the job is over: `enter opens db3`. */
  readonly next?: string;
}

interface Step {
  readonly planned: PlannedStep;
  readonly record: StepRecord;
}

/**
 * At most `most` lines: the first finished steps are folded into one line if they don't fit. `ofTargets`: with the steps of several targets and why each was given up, which else have a table.
 */
export function stepLines(view: JobView, most: number, scene: JobScene, ofTargets = true): readonly PaneLine[] {
  const steps = everyStep(view.job.plan).flatMap((planned): Step[] => {
    if (!ofTargets && planned.lane !== undefined) return [];
    const record = view.job.steps.find(({ name }) => name === planned.name);
    return record ? [{ planned, record }] : [];
  });
  const begun = steps.filter(({ record }) => record.state !== 'waiting');
  // Of all steps: the figures keep their column when the next one begins.
  const titleCells = Math.min(
    Math.floor(scene.width / 2) - 10,
    Math.max(0, ...steps.map(({ planned }) => displayWidth(planned.title))),
  );
  const groups = begun.map((step) => [
    ...linesOf(step, view, titleCells, scene),
    ...(ofTargets ? lostLines(step, scene) : []),
  ]);
  const waiting = steps.filter(({ record }) => record.state === 'waiting');
  const room = most - Math.min(fewestWaiting, waiting.length);
  let folded = 0;
  const count = () => groups.slice(folded).reduce((sum, lines) => sum + lines.length, folded > 0 ? 1 : 0);
  while (folded < begun.length && count() > room && begun[folded]?.record.state === 'done') folded++;
  const sign = signsOf(scene.look);
  const fold: readonly PaneLine[] =
    folded > 0 ? [[span(` ${sign.good} `, 'good'), span(`${folded} steps`, 'dim')]] : [];
  return [
    ...fold,
    ...groups.slice(folded).flat(),
    ...waitingLines(waiting, isOver(view.job.state), most - count(), scene),
  ];
}

/** The figures of the running steps that come and go: below all steps, so that each keeps its place. */
export const runningLines = (view: JobView, scene: JobScene): readonly PaneLine[] =>
  view.job.steps
    .flatMap((record) => belowLines(record, standsStill(view), scene))
    .map((line) => truncateSpans(line, scene.width, signsOf(scene.look).ellipsis));

/** The least number of lines for waiting steps, even if not all finished steps fit. */
const fewestWaiting = 3;

function linesOf({ planned, record }: Step, view: JobView, titleCells: number, scene: JobScene): readonly PaneLine[] {
  const { look, width } = scene;
  const sign = signsOf(look);
  const running = record.state === 'running';
  const badge: PaneLine = [
    span(' '),
    signSpan(stepBadge(record, { isStill: standsStill(view), isOver: isOver(view.job.state) }), look),
    span(' '),
  ];
  const title = span(planned.title, running ? 'strong' : 'plain');
  const counts = running && record.progress?.doneBytes !== undefined;
  // After the runner died the last rate is not current.
  const isStill = standsStill(view);
  const rate = isStill ? undefined : currentRate(view.samples);
  const line =
    counts && record.progress
      ? barLine(title, titleCells, record.progress, rate, isStill, scene)
      : [...fitSpans([title], titleCells, sign.ellipsis), span('  '), ...wordSpans(record, view, scene)];
  return [[...badge, ...line], ...(running ? [] : awayLines(record, isStill, scene))].map((line) =>
    truncateSpans(line, width, sign.ellipsis),
  );
}

function lostLines({ record }: Step, { look, width }: JobScene): readonly PaneLine[] {
  const { bad, ellipsis } = signsOf(look);
  return Object.entries(record.lost ?? {}).map(([lane, why]) =>
    truncateSpans([span(`     ${bad} ${lane}: ${why}`, 'bad')], width, ellipsis),
  );
}

/** For a running step, or the step in which a runner died. */
function belowLines(record: StepRecord, abandoned: boolean, scene: JobScene): readonly PaneLine[] {
  if (record.state !== 'running') return [];
  if (abandoned) return [oldLine(record, scene)];
  return record.progress ? besideLines(record.progress, scene) : [];
}

/** For a finished step: what it made is being removed while its host can't be reached (or could not, when the runner died). */
function awayLines(record: StepRecord, abandoned: boolean, scene: JobScene): readonly PaneLine[] {
  const words = awayWords(record.progress?.away ?? []);
  if (abandoned && words.length > 0) return [oldLine(record, scene)];
  return words.flatMap((text) => warningLines(text, scene));
}

/** On as many lines as it needs: the reason of a failed try is at the end. */
const warningLines = (text: string, { look, width }: JobScene): readonly PaneLine[] =>
  wrapped(text, Math.max(10, width - 8)).map(
    (line, index): PaneLine => [span(`     ${index === 0 ? signsOf(look).warning : ' '} ${line}`, 'warning')],
  );

/** For the step in which a runner died: its figures are old, and the step may have gone on or not. */
const oldLine = ({ toldMs, startedMs }: StepRecord, { nowMs }: JobScene): PaneLine => [
  span(
    `     as of ${shortDuration(nowMs - (toldMs ?? startedMs ?? nowMs))} ago, when its runner last told of it`,
    'warning',
  ),
];

/** ` 0.6 s   tables locked for 0.21 s`. */
function wordSpans(record: StepRecord, view: JobView, { nowMs }: JobScene): PaneLine {
  const { state, progress } = record;
  if (state === 'skipped') return [span('skipped', 'dim')];
  const worked = workedMs(record, standsStill(view), nowMs);
  return [
    span((worked === undefined ? '' : stepDuration(worked)).padStart(7)),
    span(progress?.text ? `   ${progress.text}` : '', state === 'running' ? 'plain' : 'dim'),
  ];
}

/** The lines below its bar: the number of the try, a stall, what each connection does, and other watched figures. */
function besideLines(progress: StepProgress, scene: JobScene): readonly PaneLine[] {
  const { look } = scene;
  const { streams = [], beside, lastError } = progress;
  const sign = signsOf(look);
  const each = streams.every((rate) => rate === null) ? [] : streams.map(bytesPerSecondText);
  const words = progressHint(progress);
  return [
    ...(words.length === 0 ? [] : warningLines(joined(look, ...words), scene)),
    ...(lastError === undefined ? [] : [[span(`     last error: ${lastError}`, 'warning')]]),
    ...(each.length > 1 ? [[span('     streams  ', 'dim'), span(each.join(` ${sign.dot} `))]] : []),
    ...(beside === undefined ? [] : [[span(`     ${beside}`, 'dim')]]),
  ];
}

type Counted = Pick<StepProgress, 'text' | 'doneBytes' | 'totalBytes' | 'stalledMs'>;

type Piece = 'title' | 'bar' | 'percent' | 'amounts' | 'rate' | 'eta';
const betweenPieces = 3;
/** The sign of a step, and a blank at both of its sides. */
const signCells = 3;
const before: Readonly<Partial<Record<Piece, number>>> = { bar: 2, percent: 1 };

/**
 * `copy db1   ███████░░░    54 %   120G of 221G   412M/s   ETA 04:05`. What is not measured yet is left out. In a narrow line percent, rate and
 * the time that is left are worth more than the end of the title, the amounts and the bar.
 */
function barLine(
  title: Span,
  titleCells: number,
  progress: Counted,
  rate: number | undefined,
  isStill: boolean,
  { look, width }: JobScene,
): PaneLine {
  const { doneBytes = 0, totalBytes } = progress;
  const percent = percentOf(progress);
  const left = remainingMs(doneBytes, totalBytes, rate);
  const moving = isStill ? '' : rateText(rate, progress);
  const amounts =
    totalBytes === undefined ? shortSize(doneBytes) : `${shortSize(doneBytes)} of ${shortSize(totalBytes)}`;
  const counted = percent !== undefined;
  const barCells = width >= 100 ? 20 : 10;
  const pieces: readonly (WantedColumn<Piece> | undefined)[] = [
    {
      name: 'title',
      cuts: true,
      steps: [
        { cells: Math.min(12, titleCells), worth: 95 },
        { cells: titleCells, worth: 55 },
      ],
    },
    counted ? { name: 'bar', steps: [{ cells: barCells, worth: 40 }] } : undefined,
    counted ? { name: 'percent', steps: [{ cells: '100 %'.length, worth: 100 }] } : undefined,
    { name: 'amounts', steps: [{ cells: displayWidth(amounts), worth: 60 }] },
    moving === '' ? undefined : { name: 'rate', steps: [{ cells: displayWidth(moving), worth: 90 }] },
    left === undefined
      ? undefined
      : { name: 'eta', steps: [{ cells: `ETA ${clockDuration(left)}`.length, worth: 85 }] },
  ];
  const wanted = pieces.filter((piece) => piece !== undefined);
  const fitted = fitColumns(wanted, width - signCells, betweenPieces);
  const spansOf = (name: Piece, cells: number): PaneLine => {
    switch (name) {
      case 'title':
        return fitSpans([title], cells, signsOf(look).ellipsis);
      case 'bar':
        return [bar(percent, cells, look, 'accent')];
      case 'percent':
        return [span(`${Math.floor(percent ?? 0)} %`.padStart(cells))];
      case 'amounts':
        return [span(amounts)];
      case 'rate':
        return [span(moving)];
      case 'eta':
        return [span(`ETA ${clockDuration(left ?? 0)}`)];
    }
  };
  return [...fitted].flatMap(([name, cells], at) => [
    ...(at === 0 ? [] : [span(' '.repeat(before[name] ?? betweenPieces))]),
    ...spansOf(name, cells),
  ]);
}

/**
 * ` ○ verify`, a line each, in their order. Steps that don't fit are counted: ` ○ 7 more steps, the last: drop the old
 * data`. Of a job that is over: ` – 7 steps did not run, from: verify`.
 */
function waitingLines(
  steps: readonly Step[],
  over: boolean,
  most: number,
  { look, width }: JobScene,
): readonly PaneLine[] {
  const sign = signsOf(look);
  if (over && steps.length > 0 && most > 0) {
    const count = steps.length === 1 ? '1 step' : `${steps.length} steps`;
    const text = ` ${sign[notRunBadge.sign]} ${count} did not run, from: ${steps[0]?.planned.title}`;
    return [truncateSpans([span(text, notRunBadge.tone)], width, sign.ellipsis)];
  }
  const shown = steps.length > most ? steps.slice(0, Math.max(0, most - 1)) : steps;
  const more = steps.length - shown.length;
  const texts = [
    ...shown.map(({ planned }) => planned.title),
    ...(more > 0 ? [`${more} more ${more === 1 ? 'step' : 'steps'}, the last: ${steps.at(-1)?.planned.title}`] : []),
  ];
  return texts.map((text) => truncateSpans([span(` ${sign.down} ${text}`, 'dim')], width, sign.ellipsis));
}
