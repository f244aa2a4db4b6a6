// How a shared step asks each target's sources: their queries are among the commands for that target.
import type { Commands } from '../../../job/plan/plan.ts';
import type { StepTools } from '../../../job/plan/step-work.ts';
import { sourceCommands } from '../commands.ts';
import { type AttachInput, type AttachTools, inputOf } from '../input.ts';
import type { AttachPlan } from '../plan.ts';

/** Asked only if the target's position is known before its server runs. */
const isAsked = ({ position }: AttachPlan) => position !== 'here';

export const sourceCommandsOf = (plan: AttachPlan | undefined): Commands =>
  plan && isAsked(plan) ? sourceCommands(plan) : {};

/** By target. */
export const sourceInputs = (plans: readonly AttachPlan[]) =>
  Object.fromEntries(plans.filter(isAsked).map((plan) => [plan.target.name, inputOf(plan)]));

/** The part of such a step's input. */
export interface AskedSources {
  readonly sources?: Readonly<Record<string, AttachInput>> | undefined;
}

/** By target: tools for asking its sources (source.ts). They add nothing to the log, and record commands only if they fail. */
export function attachTools(tools: StepTools<AskedSources>): Record<string, AttachTools> {
  return Object.fromEntries(
    Object.entries(tools.input.sources ?? {}).map(([target, input]) => {
      const step = { ...tools.step, host: target, commands: tools.step.targetCommands?.[target] ?? {} };
      const run: StepTools['run'] = (key, options) => tools.run(key, { ...options, target, again: true });
      return [target, { ...tools, step, input, run, note: () => undefined }];
    }),
  );
}
