// The steps of a job, found by the object of their kind (step-work.ts), each with its progress and result. Pure.
// Neither a step's name nor its title tells its kind, since a host may have any name.
import type { JobRecord, ResourceState, StepRecord } from './journal/record.ts';
import type { Plan, PlannedStep } from './plan/plan.ts';
import type { StepDefinition } from './plan/step-work.ts';

type Kind<Result> = Pick<StepDefinition<Result>, 'kind' | 'result'>;

/** The planned steps, in the order of the plan. `at`: only those of that host or lane. */
export const plannedOf = (
  { steps }: Pick<Plan, 'steps'>,
  { kind }: Pick<StepDefinition, 'kind'>,
  at?: string,
): PlannedStep[] =>
  steps.filter(({ work, host, lane }) => work === kind && (at === undefined || host === at || lane === at));

export interface JobStep<Result = unknown> {
  readonly planned: PlannedStep;
  readonly record: StepRecord;
  /** A runner has worked on it, or does now. */
  readonly isBegun: boolean;
  /** The state of its resource; undefined: it has made nothing. */
  readonly made: ResourceState | undefined;
  /** Its result; undefined: none yet, or one that does not fit its kind's schema. */
  readonly result: Result | undefined;
}

export type StepsOf = Pick<JobRecord, 'plan' | 'steps' | 'resources'>;

export const stepsOf = <Result>(job: StepsOf, kind: Kind<Result>, at?: string): JobStep<Result>[] =>
  plannedOf(job.plan, kind, at).map((planned) => jobStep(job, kind, planned));

/** The first of them; undefined: the plan has none. */
export function stepOf<Result>(job: StepsOf, kind: Kind<Result>, at?: string): JobStep<Result> | undefined {
  const [planned] = plannedOf(job.plan, kind, at);
  return planned && jobStep(job, kind, planned);
}

function jobStep<Result>(
  { steps, resources }: StepsOf,
  { result }: Kind<Result>,
  planned: PlannedStep,
): JobStep<Result> {
  const record = steps.find(({ name }) => name === planned.name) ?? { name: planned.name, state: 'waiting' };
  const { state, result: told } = record;
  return {
    planned,
    record,
    isBegun: state === 'running' || state === 'done' || state === 'failed',
    made: resources.find(({ step }) => step === planned.name)?.state,
    get result() {
      return told === undefined ? undefined : result.safeParse(told).data;
    },
  };
}
