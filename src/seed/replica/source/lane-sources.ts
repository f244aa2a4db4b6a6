// What a step that is everybody's needs to ask each target's sources: among the commands for that target, and back out of them.
import type { Commands } from '../../../job/plan/plan.ts';
import type { StepTools } from '../../../job/plan/step-work.ts';
import { sourceCommands } from '../commands.ts';
import { type AttachInput, type AttachTools, inputOf } from '../input.ts';
import type { AttachPlan } from '../plan.ts';

/** Where its position is known before its server runs. */
const isAsked = ({ position }: AttachPlan) => position !== 'here';

export const sourceCommandsOf = (plan: AttachPlan | undefined): Commands =>
  plan && isAsked(plan) ? sourceCommands(plan) : {};

/** By targets. */
export const sourceInputs = (plans: readonly AttachPlan[]) =>
  Object.fromEntries(plans.filter(isAsked).map((plan) => [plan.target.name, inputOf(plan)]));

/** What such a step has in its input. */
export interface AskedSources {
  readonly sources?: Readonly<Record<string, AttachInput>> | undefined;
}

/** By targets: the tools of a step that asks its sources (source.ts). They say nothing, and what they run is written down when it fails. */
export function attachTools(tools: StepTools<AskedSources>): Record<string, AttachTools> {
  return Object.fromEntries(
    Object.entries(tools.input.sources ?? {}).map(([target, input]) => {
      const step = { ...tools.step, host: target, commands: tools.step.targetCommands?.[target] ?? {} };
      const run: StepTools['run'] = (key, options) => tools.run(key, { ...options, target, again: true });
      return [target, { ...tools, step, input, run, note: () => undefined }];
    }),
  );
}
