// Records that the target's server runs, so that an undo starts it again. Released last, once its data is back.

import { defineStep, noInput, noResult } from '../../job/plan/step-work.ts';
import { notDone } from '../../job/runner/step-end.ts';
import { targetLog } from '../place.ts';
import { startOptions } from '../replica/change-words.ts';
import { before, onTarget, restartDeadlineMs, speakerOf, stage, type TargetPlan } from './target-plan.ts';

export const rememberServer = defineStep({
  kind: 'seed-remember',
  input: noInput,
  result: noResult,
  plan: (plan: TargetPlan) => ({
    ...onTarget(plan, 'remember'),
    title: `remember that ${plan.unit} runs on ${plan.target.host.name}`,
    input: {},
    commands: {
      run: stage(plan, 'look', {}),
      restart: before(
        plan,
        'restart',
        { option: startOptions(speakerOf(plan))[0] ?? '', log: targetLog(plan.target) },
        restartDeadlineMs,
      ),
    },
    acquires: {
      what: `the restart of ${plan.unit} on ${plan.target.host.name}`,
      release: 'restart',
      whenDone: 'over',
      isOwed: true,
    },
  }),
  // Only checks that the host answers; the output does not matter.
  run: async ({ run }) => {
    const answer = await run('run');
    return answer.ok ? { ok: true } : notDone(answer);
  },
});
