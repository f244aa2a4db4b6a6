// The work of steps that are one command, `run`.
import { notDone } from '../job/step-end.ts';
import type { StepEnd, StepTools } from '../job/step-work.ts';

export async function runOnce({ run }: Pick<StepTools, 'run'>): Promise<StepEnd> {
  const answer = await run('run');
  return answer.ok ? { ok: true } : notDone(answer);
}
