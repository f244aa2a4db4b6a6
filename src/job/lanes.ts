// Lanes: several targets of one job, each with an end of its own. Pure: read from the journal's records.

import { isComplete, type JobRecord, type StepState } from './journal/record.ts';
import type { Plan, PlannedStep } from './plan/plan.ts';

/** Whether nothing more is to be done about a step. A failed step of a lane is final; other failed steps are tried again. */
export function isPassed(state: StepState | undefined, { lane }: PlannedStep): boolean {
  return state === 'done' || state === 'skipped' || (state === 'failed' && lane !== undefined);
}

/** Every failed lane, with the reason. */
export function lostLanes({ steps }: Pick<JobRecord, 'steps'>): Readonly<Record<string, string>> {
  return lostOf(steps.map(({ lost }) => lost ?? {}));
}

/** Merges the lost lanes of several steps. An own property even for a host called `__proto__`. */
export const lostOf = (each: readonly Readonly<Record<string, string>>[]): Readonly<Record<string, string>> =>
  Object.fromEntries(each.flatMap((lost) => Object.entries(lost)));

/** A host may be called `constructor`, which is a property of every object. */
export const isLost = (lost: Readonly<Record<string, string>>, lane: string): boolean => Object.hasOwn(lost, lane);

/** Those of `lanes` that have not failed. */
export const lanesLeft = (lanes: readonly string[], lost: Readonly<Record<string, string>>): string[] =>
  lanes.filter((lane) => !isLost(lost, lane));

/** In the order of the plan. */
export const lanesOf = ({ steps }: Plan): string[] => [...new Set(steps.flatMap(({ lane }) => lane ?? []))];

/** Whether every lane failed: the job has nothing left to do. */
export function allLost(plan: Plan, lost: Readonly<Record<string, string>>): boolean {
  const lanes = lanesOf(plan);
  return lanes.length > 0 && lanes.every((lane) => isLost(lost, lane));
}

/**
 * Why the job did not succeed for all: `db6: no space left; db3, db7: ...`. Targets are joined only if their whole
 * texts are equal, since a tool's text may contain any mark. `advice`: what to do for all of them, once at the end:
 * `db3: ...; db6: ...; db3, db6: seed from a newer snapshot`.
 */
export function lossText(lost: Readonly<Record<string, string>>, advice = ''): string {
  const lanesWith = new Map<string, string[]>();
  for (const [lane, told] of Object.entries(lost)) {
    const why = advice !== '' && told.endsWith(`; ${advice}`) ? told.slice(0, -`; ${advice}`.length) : told;
    lanesWith.set(why, [...(lanesWith.get(why) ?? []), lane]);
  }
  const whys = [...lanesWith].map(([why, lanes]) => `${lanes.join(', ')}: ${why}`);
  if (advice === '' || whys.length === 0) return whys.join('; ');
  return `${whys.join('; ')}; ${whys.length > 1 ? `${Object.keys(lost).join(', ')}: ` : ''}${advice}`;
}

/** Whether a step's resource was made in vain. A shared step's was not, if at least one lane succeeded. */
export function inVain(job: JobRecord, step: PlannedStep): boolean {
  const lanes = step.lane === undefined ? lanesOf(job.plan) : [step.lane];
  if (lanes.length === 0) return !isComplete(job);
  const isOver = (lane: string) =>
    job.plan.steps.every(
      (one) =>
        (one.lane !== undefined && one.lane !== lane) ||
        job.steps.find(({ name }) => name === one.name)?.state === 'done',
    );
  return !lanes.some((lane) => !isLost(lostLanes(job), lane) && isOver(lane));
}
