// Deletes the target's old data before the copy, if there is no space for both. A delta takes its files, and is only
// allowed to here: what it can't take goes when it begins.
import { z } from 'zod';
import { defineStep, noResult } from '../../job/plan/step-work.ts';
import { takesOld } from '../preflight/room.ts';
import { runAndNote } from '../run-and-note.ts';
import { deleteDeadlineMs, onTarget, stage, type TargetPlan } from './target-plan.ts';

export const clearOld = defineStep({
  kind: 'seed-clear',
  /** `taken`: a delta takes its files. */
  input: z.object({ taken: z.boolean().optional() }),
  result: noResult,
  plan: (plan: TargetPlan) => {
    const where = `the old data in ${plan.target.facts.datadir} on ${plan.target.host.name}`;
    const isTaken = takesOld(plan.request, plan.target);
    return {
      ...onTarget(plan, 'clear'),
      title: isTaken ? `give up ${where}: its files become those of the new` : `delete ${where}`,
      input: { taken: isTaken },
      commands: { run: stage(plan, isTaken ? 'lend' : 'clear', {}, deleteDeadlineMs) },
    };
  },
  run: runAndNote,
});
