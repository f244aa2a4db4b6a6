// The waits for a start and a stop know their commands as `act` and `look`: here a step with others gives them its own.
import type { StepTools } from '../job/plan/step-work.ts';

interface Keys {
  /** Absent: nothing is asked for, and only waited. */
  readonly act?: string;
  readonly look: string;
}

/** `tools` whose commands are these two alone. */
export function acting(tools: StepTools, keys: Keys): StepTools {
  const { [keys.act ?? '']: act, [keys.look]: look } = tools.step.commands;
  return {
    ...tools,
    step: { ...tools.step, commands: { ...(act && { act }), ...(look && { look }) } },
    run: (key, options) => tools.run((key === 'act' || key === 'look' ? keys[key] : undefined) ?? key, options),
  };
}
