// How a hook ended, and what that means for its job.
import { z } from 'zod';
import type { StepEnd, StepTools } from '../job/plan/step-work.ts';
import { abortWords } from '../job/runner/abort.ts';
import { failed } from '../job/runner/step-end.ts';
import { plannedFacts } from './facts.ts';

export const hookInput = z.strictObject({
  facts: plannedFacts,
  refuses: z.boolean(),
  again: z.boolean(),
  seconds: z.number(),
});
export type HookInput = z.infer<typeof hookInput>;
export type HookTools = StepTools<HookInput>;

/** `warning`: it did not succeed, and the job went on. */
export const hookResult = z.object({ warning: z.string().optional() });
type HookStepEnd = StepEnd<z.infer<typeof hookResult>>;

export const succeeded: HookStepEnd = { ok: true, result: {} };

/** `why`: a clean sentence about the hook. Only one that may refuse stops its job. */
export function notSucceeded({ input, signal, note, progress }: HookTools, why: string): HookStepEnd {
  if (signal.aborted) return failed(abortWords);
  if (input.refuses) {
    const without = `hooks: { ${input.facts.hook.name}: { refuses: false } }`;
    return failed(
      why,
      `the log of the job has its output; to go on without it: ${without} in the inventory, and a new plan`,
    );
  }
  note(`! ${why}; the job goes on`);
  progress({ text: `! ${why}` }, true);
  return { ok: true, result: { warning: why } };
}
