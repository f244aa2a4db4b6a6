// Runs the work of one step, and reads its result by the schema of its kind.
import { PlanFault } from '../plan/plan-fault.ts';
import { type FailedStep, issueText, type StepDefinition, type StepEnd, type StepTools } from '../plan/step-work.ts';
import { failed } from './step-end.ts';

/** A plan that does not fit its step must not crash the runner: the job ends, and its resources are released. */
export async function workedOn(
  definition: StepDefinition | undefined,
  tools: StepTools,
  /** Why it does not run. */
  whyNot: () => Promise<FailedStep | undefined> = async () => undefined,
): Promise<StepEnd<unknown>> {
  if (!definition) return failed(`this reseed has no step of the kind ${tools.step.work}`);
  try {
    return (await whyNot()) ?? fitting(definition, await definition.run(tools));
  } catch (error) {
    if (error instanceof PlanFault) return failed(error.message, error.advice);
    throw error;
  }
}

/** A step's result is recorded only if it fits its kind's schema: later steps rely on it. */
function fitting({ result }: StepDefinition, end: StepEnd<unknown>): StepEnd<unknown> {
  if (!end.ok) return end;
  const { success, data, error } = result.safeParse(end.result);
  if (success) return { ...end, result: data };
  return failed(
    `its result has another form than its kind of step gives (${issueText(error)})`,
    'see the log of the job',
  );
}
