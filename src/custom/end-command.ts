// Ends what a command of the inventory left running, before the next step looks at its host: a server that was its child would be taken for
// started, and ended with the job. A step of its own: that the command ended, and how, is in the journal by then.
import { defineStep, noInput, noResult } from '../job/plan/step-work.ts';
import { notDone } from '../job/runner/step-end.ts';
import { type CustomUnit, customUnit, stepName } from './start-command.ts';

export const endCommand = defineStep({
  kind: 'end-command',
  input: noInput,
  result: noResult,
  plan: (custom: CustomUnit) => ({
    name: stepName('end what is left of', custom),
    title: `end what ${custom.name} left running on ${custom.host}`,
    host: custom.host,
    lane: custom.lane,
    input: {},
    commands: { end: customUnit(custom).end },
  }),
  run: async ({ run }) => {
    const answer = await run('end');
    return answer.ok ? { ok: true } : notDone(answer);
  },
});
