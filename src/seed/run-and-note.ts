// The work of a step that is a single command, `run`.

import type { StepEnd, StepTools } from '../job/plan/step-work.ts';
import { notDone } from '../job/runner/step-end.ts';

/** Its output goes into the log of the job. */
export async function runAndNote({ run, note }: Pick<StepTools, 'run' | 'note'>): Promise<StepEnd> {
  const answer = await run('run');
  if (!answer.ok) return notDone(answer);
  const said = answer.stdout.trim();
  if (said !== '') note(said);
  return { ok: true };
}
