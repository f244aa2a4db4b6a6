// Looks at a host again after a cleaning, and reports what is left on it.
import { z } from 'zod';
import { readLeftovers } from '../host/leftovers/leftovers.ts';
import type { PlannedCommand } from '../job/plan/plan.ts';
import { defineStep, noResult, type StepEnd, type StepTools } from '../job/plan/step-work.ts';
import { clearAway } from './clear-away.ts';
import { thingsOf } from './things.ts';

interface LookWish {
  readonly host: string;
  /** Names of the items that should be gone. */
  readonly things: readonly string[];
  readonly find: PlannedCommand;
}

const input = z.strictObject({ things: z.array(z.string()) });

export const lookAgain = defineStep({
  kind: 'look-again',
  input,
  result: noResult,
  plan: ({ host, things, find }: LookWish) => ({
    name: 'look again',
    title: `check what is left on ${host}`,
    host,
    input: { things: [...things] },
    commands: { find },
  }),
  run: look,
});

async function look({ run, input: { things }, resultsOf }: StepTools<z.infer<typeof input>>): Promise<StepEnd> {
  const answer = await run('find');
  if (!answer.ok) return { ok: false, message: answer.message, advice: answer.advice };
  const found = readLeftovers(answer.stdout);
  if (!found)
    return { ok: false, message: 'the answer of leftovers.sh was not understood', advice: 'see the log of the job' };
  const there = new Set(thingsOf(found));
  const left = things.filter((thing) => there.has(thing));
  // An item that could not be looked for does not count as gone.
  if (left.length === 0 && found.unread.length > 0)
    return {
      ok: false,
      message: `what is left is not wholly known: ${found.unread.join('; ')}`,
      advice: 'see the log of the job',
    };
  if (left.length === 0) return { ok: true };
  const whys = resultsOf(clearAway);
  const said = left.map((thing) => [thing, whys.get(thing)].filter(Boolean).join(': '));
  return { ok: false, message: `left: ${said.join('; ')}`, advice: 'see the log of the job' };
}
