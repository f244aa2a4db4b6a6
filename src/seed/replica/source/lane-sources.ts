// What a step that is everybody's needs to ask each target's sources: their commands among its own, and back out of them.
import type { PlannedCommand, PlannedStep } from '../../../job/plan.ts';
import type { StepTools } from '../../../job/step-work.ts';
import { sourceCommands } from '../commands.ts';
import { type AttachInput, type AttachTools, inputOf } from '../input.ts';
import type { AttachPlan } from '../plan.ts';

/** No other key begins so, whatever a target is called. */
const keyOf = (lane: string, key: string) => `sources of ${lane}: ${key}`;

/** Of targets whose position is known before their servers run. */
export function laneSources(plans: readonly AttachPlan[]): Pick<PlannedStep, 'commands' | 'input'> {
  const asked = plans.filter(({ position }) => position !== 'here');
  const commands = asked.flatMap((plan) =>
    Object.entries(sourceCommands(plan)).map(([key, command]) => [keyOf(plan.target.name, key), command] as const),
  );
  return {
    commands: Object.fromEntries(commands),
    input: { sources: Object.fromEntries(asked.map((plan) => [plan.target.name, inputOf(plan)])) },
  };
}

/** What `laneSources` adds to the input of a step. */
export interface AskedSources {
  readonly sources?: Readonly<Record<string, AttachInput>> | undefined;
}

/** By targets: the tools of a step that asks its sources (source.ts). They say nothing, and what they run is written down when it fails. */
export function attachTools(tools: StepTools<AskedSources>): Record<string, AttachTools> {
  return Object.fromEntries(
    Object.entries(tools.input.sources ?? {}).map(([lane, input]) => {
      const own = keyOf(lane, '');
      const commands: [string, PlannedCommand][] = Object.entries(tools.step.commands)
        .filter(([key]) => key.startsWith(own))
        .map(([key, command]) => [key.slice(own.length), command]);
      const step = { ...tools.step, host: lane, commands: Object.fromEntries(commands) };
      const run: StepTools['run'] = (key, options) => tools.run(keyOf(lane, key), { ...options, again: true });
      return [lane, { ...tools, step, input, run, note: () => undefined }];
    }),
  );
}
