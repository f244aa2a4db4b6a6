// Checks that the target's source still has the logs after the data's coordinates: they may have been purged during the
// copy, and the old data is still in place. Planned if the position is known before the server runs.

import { defineStep, noResult, type StepEnd } from '../../../job/plan/step-work.ts';
import { failed } from '../../../job/runner/step-end.ts';
import { sourceCommands } from '../commands.ts';
import { type AttachTools, attachSchema, inputOf, sourceName } from '../input.ts';
import { onTarget } from '../on-target.ts';
import type { AttachPlan } from '../plan.ts';
import { originText } from '../source/origin.ts';
import { originFor, sourcesTrouble, toldOrigin } from '../source/source.ts';

export const checkSource = defineStep({
  kind: 'check-source',
  input: attachSchema,
  result: noResult,
  plan: (plan: AttachPlan) => ({
    ...onTarget(plan, 'check source'),
    title: `check that ${sourceName(plan.source)} still has what comes after the copied data, for ${plan.target.name}`,
    input: inputOf(plan),
    commands: sourceCommands(plan),
  }),
  run: check,
});

async function check(tools: AttachTools): Promise<StepEnd> {
  const { step, note, input } = tools;
  if (!toldOrigin(tools)) {
    return failed(
      `from where ${step.host} is to go on is not known`,
      'its old data is untouched: take a new snapshot of a server that runs, and seed again',
    );
  }
  const origin = originFor(tools);
  if (!origin) {
    note(`${step.host} goes on from the GTIDs that its new data tells of: ${input.source.name} was not asked for them`);
    return { ok: true };
  }
  const trouble = await sourcesTrouble(tools, origin);
  if (trouble)
    return failed(trouble, 'nothing of the target was changed: choose another source, or take a newer snapshot');
  if (step.commands.source) note(`${input.source.name} was asked for what comes after ${originText(origin)}`);
  return { ok: true };
}
