// Releases, before the job is over, what earlier steps have made.
import type { StepEnd, StepTools } from '../job/plan/step-work.ts';

type Releasing = Pick<StepTools<{ readonly made: readonly string[] }>, 'release' | 'input' | 'note'>;

/** `made`: names of the steps. What can't be released now is tried again at the end of the job. */
export async function releaseMade({ release, input, note }: Releasing): Promise<StepEnd> {
  for (const name of input.made) {
    if (!(await release(name))) note(`what ${name} made could not be taken away yet`);
  }
  return { ok: true };
}
