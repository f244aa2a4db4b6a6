// Removes one item that reseed left on a host. If it can't be removed, the others still are: look-again.ts looks at the
// host afterwards, and reports what is left.
import { z } from 'zod';
import type { Commands } from '../job/plan/plan.ts';
import { defineStep, noInput, type StepEnd, type StepTools } from '../job/plan/step-work.ts';

interface Thing {
  readonly host: string;
  /** The item's name is also the step's name; look-again finds a remaining item by it. */
  readonly name: string;
  /** `unmount` */
  readonly verb: string;
  /** They run one after the other. */
  readonly commands: Commands;
}

export const clearAway = defineStep({
  kind: 'clear-away',
  input: noInput,
  /** Why it could not be removed. */
  result: z.string().optional(),
  plan: ({ host, name, verb, commands }: Thing) => ({
    name,
    title: `${verb} the ${name} on ${host}`,
    host,
    input: {},
    commands,
  }),
  run: clear,
});

async function clear({ run, step, note }: StepTools): Promise<StepEnd<string | undefined>> {
  for (const key of Object.keys(step.commands)) {
    const answer = await run(key);
    if (answer.ok) continue;
    if (answer.kind !== 'exit') return { ok: false, message: answer.message, advice: answer.advice };
    note(`LEFT: ${step.name}: ${answer.printed || answer.message}`);
    return { ok: true, result: answer.printed };
  }
  return { ok: true };
}
