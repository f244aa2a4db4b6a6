// Lanes: several targets of one job, each of which comes to an end of its own. Pure: read from what the journal has.
import type { Plan, PlannedStep } from './plan.ts';
import type { JobRecord } from './record.ts';

/** Every lane that goes no further, with why. */
export function lostLanes({ steps }: Pick<JobRecord, 'steps'>): Readonly<Record<string, string>> {
  return Object.assign({}, ...steps.map(({ lost }) => lost ?? {}));
}

/** Those of `lanes` that go on. */
export const lanesLeft = (lanes: readonly string[], lost: Readonly<Record<string, string>>): string[] =>
  lanes.filter((lane) => !(lane in lost));

/** In the order of the plan. */
export const lanesOf = ({ steps }: Plan): string[] => [...new Set(steps.flatMap(({ lane }) => lane ?? []))];

/** Whether nobody is left for whom the job could go on. */
export function allLost(job: JobRecord, lost = lostLanes(job)): boolean {
  const lanes = lanesOf(job.plan);
  return lanes.length > 0 && lanes.every((lane) => lane in lost);
}

/** Why the job did not come to its end for all: `db6: no space left; db3: ...`. */
export function lossText(lost: Readonly<Record<string, string>>): string {
  return Object.entries(lost)
    .map(([lane, why]) => `${lane}: ${why}`)
    .join('; ');
}

/** Whether what a step made was made in vain. What is everybody's is not while one lane came to its end. */
export function inVain(job: JobRecord, step: PlannedStep): boolean {
  const lanes = step.lane === undefined ? lanesOf(job.plan) : [step.lane];
  if (lanes.length === 0) return job.steps.some(({ state }) => state !== 'done');
  const isOver = (lane: string) =>
    job.plan.steps.every(
      (one) =>
        (one.lane !== undefined && one.lane !== lane) ||
        job.steps.find(({ name }) => name === one.name)?.state === 'done',
    );
  return !lanes.some((lane) => !(lane in lostLanes(job)) && isOver(lane));
}
