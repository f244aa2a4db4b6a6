// The targets of a job as rows of a table: the progress of each, and what it waits for. Pure.

import { isOver, type StepProgress, type StepRecord } from '../../../src/job/journal/record.ts';
import type { JobView } from '../../../src/job/journal/watch.ts';
import { isLost, lanesOf, lostLanes } from '../../../src/job/lanes.ts';
import { standsStill } from '../../../src/job/lease/runner-state.ts';
import { jobBadge, stepBadges } from '../../../src/job/words/badges.ts';
import { percentOf } from '../../../src/job/words/doing-words.ts';
import { progressHint } from '../../../src/job/words/progress-words.ts';
import { shortSize } from '../../../src/text/amounts.ts';
import type { Badge } from '../../../src/text/badge.ts';
import { bar } from '../../base/Bar.ts';
import type { SmallColumn } from '../../base/small-table.ts';
import type { Look, Span } from '../../base/theme.ts';
import { badgeSpan } from '../badge-span.ts';
import { joined, span } from '../fields.ts';

export interface TargetRow {
  readonly target: string;
  readonly badge: Badge;
  /** How many of its own steps are done, and how many there are. */
  readonly done: number;
  readonly all: number;
  /** The target's running or next step, or the one that failed; empty: none. */
  readonly step: string;
  /** Progress of the running step; undefined: it reports none for this target alone. */
  readonly progress: Omit<StepProgress, 'lanes'> | undefined;
}

/** In the order of the plan, failed targets first. Empty for a job with one target: its steps say everything. */
export function targetRows(view: JobView): readonly TargetRow[] {
  const { plan } = view.job;
  const lanes = lanesOf(plan);
  if (lanes.length < 2) return [];
  const lost = lostLanes(view.job);
  return lanes
    .map((lane) => rowOf(lane, lost, view))
    .sort((one, other) => Number(isLost(lost, other.target)) - Number(isLost(lost, one.target)));
}

function rowOf(target: string, lost: Readonly<Record<string, string>>, view: JobView): TargetRow {
  const { job } = view;
  const steps = job.plan.steps.flatMap((planned) => {
    const record = job.steps.find(({ name }) => name === planned.name);
    return record && (planned.lane === undefined || planned.lane === target) ? [{ planned, record }] : [];
  });
  const at = (states: readonly StepRecord['state'][]) => steps.find(({ record }) => states.includes(record.state));
  const own = steps.filter(({ planned }) => planned.lane === target);
  const counted = { done: own.filter(({ record }) => record.state === 'done').length, all: own.length };
  if (isLost(lost, target)) {
    const where = steps.find(({ record }) => isLost(record.lost ?? {}, target));
    return { target, ...counted, badge: stepBadges.failed, step: where?.planned.title ?? '', progress: undefined };
  }
  const running = at(['running']);
  const { progress } = running?.record ?? {};
  // Of a job that runs no more steps only the one that failed is told.
  const goesOn = job.state === 'planned' || job.state === 'running';
  const step = (running ?? (goesOn ? at(['waiting']) : undefined) ?? at(['failed']))?.planned.title ?? '';
  return {
    target,
    ...counted,
    badge: badgeOf(
      steps.map(({ record }) => record.state),
      view,
    ),
    step,
    progress: progress && laneProgress(progress, target),
  };
}

/** What the step reports of one target, and whether that target is away. */
function laneProgress(progress: StepProgress, target: string): TargetRow['progress'] {
  const told = new Map(Object.entries(progress.lanes ?? {})).get(target);
  const away = (progress.away ?? []).filter(({ host }) => host === target);
  return away.length === 0 ? told : { text: '', ...told, away };
}

function badgeOf(states: readonly StepRecord['state'][], view: JobView): Badge {
  if (states.every((state) => state === 'done')) return stepBadges.done;
  if (isOver(view.job.state) || view.job.state === 'releasing' || standsStill(view)) return jobBadge(view.job, view);
  return states.includes('running') ? stepBadges.running : stepBadges.waiting;
}

const barCells = 10;

export const targetColumns = (look: Look): readonly SmallColumn<TargetRow>[] => [
  { title: 'TARGET', cell: ({ target }) => span(target, 'strong') },
  { title: 'STATE', cell: ({ badge }) => badgeSpan(badge, look) },
  {
    title: 'DONE',
    least: barCells + ' 100 %'.length,
    goes: 1,
    // Of its bytes while they are counted, else of its steps.
    cell: ({ progress, done, all }) => {
      const percent = (progress && percentOf(progress)) ?? (all === 0 ? 0 : (done / all) * 100);
      return span(`${bar(percent, barCells, look).text} ${Math.floor(percent)} %`, 'accent');
    },
  },
  { title: 'STEPS', goes: 0, cell: ({ done, all }) => span(`${done} of ${all}`) },
  { title: 'COPIED', least: '1023M of 1023M'.length, goes: 2, cell: ({ progress }) => span(amountsText(progress)) },
  { title: 'STEP', cuts: true, cell: ({ step, progress }) => stepSpan(step, progress, look) },
];

function amountsText(progress: TargetRow['progress']): string {
  if (progress?.doneBytes === undefined) return '';
  const { doneBytes, totalBytes } = progress;
  return `${shortSize(doneBytes)} of ${totalBytes === undefined ? '?' : shortSize(totalBytes)}`;
}

/** Trouble matters more than the step's name; a step without a count of bytes shows its message. */
function stepSpan(step: string, progress: TargetRow['progress'], look: Look): Span {
  const trouble = progress ? progressHint(progress) : [];
  if (trouble.length > 0) return span(joined(look, ...trouble), 'warning');
  return span(joined(look, step, progress?.doneBytes === undefined && progress?.text));
}
