// Blocks the start of the target's server until its data is complete. Released with the job's folder, or by
// free-start.ts.
import { defineStep, noInput, noResult } from '../../job/plan/step-work.ts';
import { whoLine } from '../../job/who.ts';
import { runAndNote } from '../run-and-note.ts';
import { onTarget, stage, type TargetPlan } from './target-plan.ts';

export const holdStart = defineStep({
  kind: 'seed-block-start',
  stage: 'stop',
  input: noInput,
  result: noResult,
  plan: (plan: TargetPlan) => ({
    ...onTarget(plan, 'hold'),
    title: `block ${plan.unit} start on ${plan.target.host.name} until the data is complete`,
    input: {},
    commands: { run: stage(plan, 'hold', { unit: plan.unit, who: whoLine(plan.request.who) }) },
  }),
  run: runAndNote,
});
