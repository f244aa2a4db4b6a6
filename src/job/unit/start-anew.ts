// Starts a step's unit, unless it runs: what a power cut, or an earlier try, has left of it begins anew.
import type { FailedStep, StepTools } from '../plan/step-work.ts';
import { notDone } from '../runner/step-end.ts';
import { pollUnit } from './watch-unit.ts';

/** By the commands `poll`, `end` and `start` of the step. undefined: it runs. */
export async function startAnew(tools: Pick<StepTools, 'run'>): Promise<FailedStep | undefined> {
  const found = await pollUnit(tools, 'poll');
  for (const key of found?.state.kind === 'running' ? [] : ['end', 'start']) {
    const answer = await tools.run(key);
    if (!answer.ok) return notDone(answer);
  }
  return undefined;
}
