// Deletes the target's old data, once it has caught up.
import { defineStep, noInput, noResult } from '../../job/plan/step-work.ts';
import { runAndNote } from '../run-and-note.ts';
import { deleteDeadlineMs, onTarget, stage, type TargetPlan } from './target-plan.ts';

export const dropOld = defineStep({
  kind: 'seed-drop',
  input: noInput,
  result: noResult,
  plan: (plan: TargetPlan) => ({
    ...onTarget(plan, 'drop'),
    title: `delete the old data on ${plan.target.host.name}`,
    input: {},
    commands: { run: stage(plan, 'drop', {}, deleteDeadlineMs) },
  }),
  run: runAndNote,
});
