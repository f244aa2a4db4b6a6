// What an unfinished job does now, in a few words: for the console and for `status`. Pure.

import { isOver, type JobRecord, type StepProgress, toDo } from '../journal/record.ts';
import { lastSteps, type PlannedStep } from '../plan/plan.ts';
import { awayWords, progressNow, troubleWords } from './progress-words.ts';

/** What it does now, or where it stopped. */
export const doingText = (job: JobRecord): string =>
  [[doing(job), percentText(job)].join(' ').trim(), ...troubleOf(job)].join(', ');

/** `try 3 of 3`, `no byte for 2 min` for the running step; for any step, a host that is retried, which an undo also waits for. */
export function troubleOf(job: JobRecord): readonly string[] {
  if (isOver(job.state)) return [];
  const progress = job.state === 'running' ? progressNow(job) : undefined;
  return [...(progress ? troubleWords(progress) : []), ...awayOfOthers(job)];
}

/** For steps that don't run now, whose resources are being released. */
export const awayOfOthers = ({ steps }: Pick<JobRecord, 'steps'>): readonly string[] =>
  steps.flatMap(({ state, progress }) => (state === 'running' ? [] : awayWords(progress?.away ?? [])));

export function doing(job: JobRecord): string {
  const { state, plan, steps } = job;
  if (state === 'planned') return 'starting';
  const running = steps.find((step) => step.state === 'running');
  const titleOf = (some: readonly PlannedStep[]) => some.find(({ name }) => name === running?.name)?.title;
  if (state !== 'releasing') return titleOf(plan.steps) ?? 'between two steps';
  // The step at which it failed may still be noted as running.
  return titleOf(lastSteps(plan)) ?? (toDo(job) === 'undo' ? 'undoes its changes' : 'releases what it holds');
}

/**
 * `54 %` of the running step; empty if it counts no bytes. `host`: of that target alone, where the step tells of each.
 */
export function percentText({ state, steps }: JobRecord, host?: string): string {
  const { progress } = (state === 'running' && steps.find((step) => step.state === 'running')) || {};
  const lane = host === undefined ? undefined : new Map(Object.entries(progress?.lanes ?? {})).get(host);
  const told = lane ?? progress;
  const percent = told && percentOf(told);
  return percent === undefined ? '' : `${Math.floor(percent)} %`;
}

/** 0 to 100; undefined if the step counts no bytes, or the total is unknown. */
export function percentOf({ doneBytes, totalBytes }: Pick<StepProgress, 'doneBytes' | 'totalBytes'>) {
  if (doneBytes === undefined || totalBytes === undefined || totalBytes <= 0) return undefined;
  return Math.min(100, (doneBytes / totalBytes) * 100);
}
