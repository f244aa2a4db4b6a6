// The work of a step that is a single command, `run`.

import type { StepEnd, StepTools } from '../job/plan/step-work.ts';
import { notDone } from '../job/runner/step-end.ts';

export async function runOnce({ run }: Pick<StepTools, 'run'>): Promise<StepEnd> {
  const answer = await run('run');
  return answer.ok ? { ok: true } : notDone(answer);
}
