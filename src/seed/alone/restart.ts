// Restarts a detached server as its unit and its option files start it from now on: what it is after that, it stays.
import { defineStep, noInput, noResult, type StepEnd, type StepTools } from '../../job/plan/step-work.ts';
import { serviceWords } from '../../scripts/service-words.ts';
import { acting } from '../../service/acting.ts';
import { readLook } from '../../service/look.ts';
import { untilReady } from '../../service/start-server.ts';
import { untilStopped } from '../../service/stop-server.ts';
import { command } from '../place.ts';
import { logCommand } from '../replica/commands.ts';
import { onTarget } from '../replica/on-target.ts';
import { startCommand } from '../replica/start-command.ts';
import type { AlonePlan } from './plan.ts';

export const restartAlone = defineStep({
  kind: 'restart-alone',
  stage: 'start',
  input: noInput,
  result: noResult,
  plan: (plan: AlonePlan) => {
    const { target, unit, datadir, errorLog: log } = plan;
    return {
      ...onTarget(plan, 'restart'),
      title: `restart ${unit} on ${target.name} as its option files have it`,
      input: {},
      commands: {
        stop: command(target.name, 'service', serviceWords('stop', unit)),
        start: startCommand(plan, 'again', { datadir, log }),
        look: logCommand(plan),
      },
    };
  },
  run: restart,
});

async function restart(tools: StepTools): Promise<StepEnd> {
  const stopped = await untilStopped(stopping(tools));
  return stopped.ok ? await untilReady(acting(tools, { act: 'start', look: 'look' })) : stopped;
}

/** A machine that is restarted meanwhile starts its server: that is stopped too. */
function stopping(tools: StepTools): StepTools {
  const acts = acting(tools, { act: 'stop', look: 'look' });
  return {
    ...acts,
    run: async (key, options) => {
      const answer = await acts.run(key, options);
      if (key !== 'look' || !answer.ok || readLook(answer.stdout)?.state !== 'active') return answer;
      const stopped = await acts.run('act', { again: true });
      return stopped.ok ? answer : stopped;
    },
  };
}
