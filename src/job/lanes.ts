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

/**
 * Why the job did not come to its end for all: `db6: no space left; db3: ...`. What is said of several, such as what to do, stands there
 * once, behind the rest, with the names that it is for: `db3: ...; db6: ...; db3, db6: seed from a newer snapshot`.
 */
export function lossText(lost: Readonly<Record<string, string>>): string {
  const namesOf = new Map<string, string[]>();
  const partsOf = Object.entries(lost).map(([lane, why]) => {
    const parts = [...new Set(why.split('; '))];
    for (const part of parts) namesOf.set(part, [...(namesOf.get(part) ?? []), lane]);
    return { lane, parts };
  });
  const isShared = (part: string) => (namesOf.get(part)?.length ?? 0) > 1;
  const own = partsOf.flatMap(({ lane, parts }) => {
    const rest = parts.filter((part) => !isShared(part)).join('; ');
    return rest === '' ? [] : [`${lane}: ${rest}`];
  });
  const shared = new Map<string, string[]>();
  for (const [part, names] of namesOf) {
    if (!isShared(part)) continue;
    const key = names.join(', ');
    shared.set(key, [...(shared.get(key) ?? []), part]);
  }
  return [...own, ...[...shared].map(([names, parts]) => `${names}: ${parts.join('; ')}`)].join('; ');
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
