// Checks that the target's source still has what comes after the data: it may have been purged during the copy, and the old data is still in
// place. Planned where the position is known before the server runs.

import { defineStep, noResult, type StepEnd } from '../../../job/plan/step-work.ts';
import { failed } from '../../../job/runner/step-end.ts';
import { sourceCommands } from '../commands.ts';
import { type AttachTools, attachSchema, inputOf, sourceName } from '../input.ts';
import { onTarget } from '../on-target.ts';
import type { AttachPlan } from '../plan.ts';
import { originText } from '../source/origin.ts';
import { originFor, sourcesTrouble } from '../source/source.ts';

export const checkSource = defineStep({
  kind: 'check-source',
  input: attachSchema,
  result: noResult,
  plan: (plan: AttachPlan) => ({
    ...onTarget(plan, 'check source'),
    title: `check that ${sourceName(plan.source)} still has what comes after the snapshot, for ${plan.target.name}`,
    input: inputOf(plan),
    commands: sourceCommands(plan),
  }),
  run: check,
});

async function check(tools: AttachTools): Promise<StepEnd> {
  const origin = originFor(tools);
  if (!origin) return { ok: true };
  const trouble = await sourcesTrouble(tools, origin);
  if (trouble)
    return failed(trouble, 'nothing of the target was changed: choose another source, or take a newer snapshot');
  if (tools.step.commands.source)
    tools.note(`${tools.input.source.name} was asked for what comes after ${originText(origin)}`);
  return { ok: true };
}
