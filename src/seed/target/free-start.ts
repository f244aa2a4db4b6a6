// Allows the target's server to start again: its new data is complete, and in place.
import { defineStep, noInput, noResult } from '../../job/plan/step-work.ts';
import { runAndNote } from '../run-and-note.ts';
import { onTarget, stage, type TargetPlan } from './target-plan.ts';

export const freeStart = defineStep({
  kind: 'seed-free-start',
  stage: 'start',
  input: noInput,
  result: noResult,
  plan: (plan: TargetPlan) => ({
    ...onTarget(plan, 'free'),
    title: `allow ${plan.unit} start on ${plan.target.host.name}: the data is complete`,
    input: {},
    commands: { run: stage(plan, 'free', { unit: plan.unit }) },
  }),
  run: runAndNote,
});
