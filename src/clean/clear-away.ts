// Takes one thing away that reseed left on a host. One that will not go is no reason to leave the others: look-again.ts looks at the host
// once more, and says what is left.
import { z } from 'zod';
import type { Commands } from '../job/plan/plan.ts';
import { defineStep, noInput, type StepEnd, type StepTools } from '../job/plan/step-work.ts';

interface Thing {
  readonly host: string;
  /** Its name is the step's: by that it is found where it is left. */
  readonly name: string;
  /** `unmount` */
  readonly verb: string;
  /** Run one after the other. */
  readonly commands: Commands;
}

export const clearAway = defineStep({
  kind: 'clear-away',
  input: noInput,
  /** Why it would not go. */
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
