// What the steps of a cleaning do. One thing that will not go is no reason to leave the others: the last step looks at the host
// again, and says what is left.
import { z } from 'zod';
import { readLeftovers } from '../host/leftovers.ts';
import { defineStep, type StepEnd, type StepTools, type StepWorks } from '../job/step-work.ts';
import { thingsOf } from './plan.ts';

async function clearAway({ run, step, note }: StepTools): Promise<StepEnd> {
  for (const key of Object.keys(step.commands)) {
    const answer = await run(key);
    if (answer.ok) continue;
    if (answer.kind !== 'exit') return { ok: false, message: answer.message, advice: answer.advice };
    note(`LEFT: ${step.name}: ${answer.printed || answer.message}`);
    return { ok: true, result: answer.printed };
  }
  return { ok: true };
}

const lookedInput = z.strictObject({ things: z.array(z.string()) });

async function lookAgain({ run, input, resultOf }: StepTools<z.infer<typeof lookedInput>>): Promise<StepEnd> {
  const answer = await run('find');
  if (!answer.ok) return { ok: false, message: answer.message, advice: answer.advice };
  const found = readLeftovers(answer.stdout);
  if (!found)
    return { ok: false, message: 'the answer of leftovers.sh was not understood', advice: 'see the log of the job' };
  const there = new Set(thingsOf(found));
  const left = input.things.filter((thing) => there.has(thing));
  // What could not be looked at is not said to be gone.
  if (left.length === 0 && found.unread.length > 0)
    return {
      ok: false,
      message: `what is left is not wholly known: ${found.unread.join('; ')}`,
      advice: 'see the log of the job',
    };
  if (left.length === 0) return { ok: true };
  const said = left.map((thing) => [thing, resultOf(thing)].filter(Boolean).join(': '));
  return { ok: false, message: `left: ${said.join('; ')}`, advice: 'see the log of the job' };
}

export const cleanWorks: StepWorks = {
  'clear-away': defineStep(z.strictObject({}), clearAway),
  'look-again': defineStep(lookedInput, lookAgain),
};
