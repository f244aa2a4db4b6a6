// The first start of a target's server on the new data. A process without the options that hold it back is stopped.
import { z } from 'zod';
import { defineStep, noInput, type StepEnd, type StepTools } from '../../../job/plan/step-work.ts';
import { readEnded } from '../../../service/look.ts';
import { untilReady } from '../../../service/start-server.ts';
import { startOptions } from '../change-words.ts';
import { endedCommand, logCommand } from '../commands.ts';
import { onTarget } from '../on-target.ts';
import type { ServerPlan } from '../plan.ts';
import { startCommand } from '../start-command.ts';

/** The boot of its host. A job of an older reseed has no such command. */
const result = z.object({ boot: z.string() }).optional();

export const startOnData = defineStep({
  kind: 'seed-start',
  stage: 'start',
  input: noInput,
  result,
  plan: (plan: ServerPlan) => ({
    ...onTarget(plan, 'start'),
    title: `start ${plan.unit} on ${plan.target.name}`,
    input: {},
    commands: {
      act: startCommand(plan, 'start', { datadir: plan.datadir }),
      look: logCommand(plan),
      ended: endedCommand(plan),
      held: startCommand(plan, 'held', { datadir: plan.datadir, option: startOptions(plan) }),
    },
  }),
  run: start,
});

async function start(tools: StepTools): Promise<StepEnd<z.infer<typeof result>>> {
  const ready = await untilReady(tools);
  if (!ready.ok || !tools.step.commands.ended) return ready;
  const answer = await tools.run('ended');
  // The server runs: where this is not known, a later step takes it for one that lost its power.
  const boot = answer.ok ? readEnded(answer.stdout)?.boot : undefined;
  return { ok: true, ...(boot !== undefined && { result: { boot } }) };
}
