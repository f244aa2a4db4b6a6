// Deletes the target's old data before the copy, if there is no space for both.
import { defineStep, noInput, noResult } from '../../job/plan/step-work.ts';
import { runAndNote } from '../run-and-note.ts';
import { deleteDeadlineMs, onTarget, stage, type TargetPlan } from './target-plan.ts';

export const clearOld = defineStep({
  kind: 'seed-clear',
  input: noInput,
  result: noResult,
  plan: (plan: TargetPlan) => ({
    ...onTarget(plan, 'clear'),
    title: `delete the old data in ${plan.target.facts.datadir} on ${plan.target.host.name}`,
    input: {},
    commands: { run: stage(plan, 'clear', {}, deleteDeadlineMs) },
  }),
  run: runAndNote,
});
