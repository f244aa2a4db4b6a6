// Copies the data to all targets at once.
import { defineStep, noResult } from '../../../job/plan/step-work.ts';
import { endWith, guarding, move, rounds } from '../moving.ts';
import { type CopyPlan, movingInput, movingPlan } from '../moving-plan.ts';

export const copyData = defineStep({
  kind: 'seed-copy',
  stage: 'copy',
  input: movingInput,
  result: noResult,
  plan: (plan: CopyPlan) => {
    const { host, ...moving } = movingPlan(plan);
    const to = moving.input.targets.join(', ');
    return {
      ...moving,
      name: 'copy',
      title: plan.sender
        ? `copy ${host} → ${to}, as one stream: a break begins it anew (${rounds} tries), a restart of ${to} ends the seed`
        : `copy ${host} → ${to}`,
      host,
      acquires: {
        what: `the copy that ${host} sends (unit reseed-${plan.request.job}-send)`,
        release: 'send end',
        whenDone: 'release',
      },
    };
  },
  run: (tools) =>
    guarding(tools, async (guarded) => {
      const moved = await move(guarded, tools.input.targets);
      return moved.ok ? endWith(tools, moved.lost) : moved;
    }),
});
