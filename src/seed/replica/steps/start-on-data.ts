// The first start of a target's server on the new data. A process without the options that hold it back is stopped.
import { defineStep, noInput, noResult } from '../../../job/plan/step-work.ts';
import { untilReady } from '../../../service/start-server.ts';
import { startOptions } from '../change-words.ts';
import { logCommand } from '../commands.ts';
import { onTarget } from '../on-target.ts';
import type { ServerPlan } from '../plan.ts';
import { startCommand } from '../start-command.ts';

export const startOnData = defineStep({
  kind: 'seed-start',
  stage: 'start',
  input: noInput,
  result: noResult,
  plan: (plan: ServerPlan) => ({
    ...onTarget(plan, 'start'),
    title: `start ${plan.unit} on ${plan.target.name}`,
    input: {},
    commands: {
      act: startCommand(plan, 'start', { datadir: plan.datadir, log: plan.errorLog }),
      look: logCommand(plan),
      held: startCommand(plan, 'held', { datadir: plan.datadir, option: startOptions(plan) }),
    },
  }),
  run: (tools) => untilReady(tools),
});
