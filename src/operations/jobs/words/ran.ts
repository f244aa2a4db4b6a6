// The results of a step's commands, from those that a job ran. Pure.
import type { CommandRecord } from '../../../job/journal/record.ts';
import type { JobStep } from '../../../job/steps-of.ts';

/** In the order in which they ran. */
export type Ran = readonly Pick<CommandRecord, 'step' | 'key' | 'code' | 'said'>[];

/** Every run of the step's command of that key. */
export const runsOf = <One extends Ran[number]>(
  commands: readonly One[],
  step: Pick<JobStep, 'planned'> | undefined,
  key: string,
): readonly One[] => commands.filter((one) => one.step === step?.planned.name && one.key === key);

/** Every run of the command that releases the step's resource; none: it has none, or the command did not run. */
export function releasesOf<One extends Ran[number]>(
  commands: readonly One[],
  step: Pick<JobStep, 'planned'> | undefined,
): readonly One[] {
  const release = step?.planned.acquires?.release;
  return release === undefined ? [] : runsOf(commands, step, release);
}

export const lastRelease = <One extends Ran[number]>(
  commands: readonly One[],
  step: Pick<JobStep, 'planned'> | undefined,
): One | undefined => releasesOf(commands, step).at(-1);
