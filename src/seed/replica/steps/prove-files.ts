// Proves, before the target's first start, that its server will read only the new data: a start on an old redo log, or
// with old binary logs, can't be undone.

import { defineStep, noInput, noResult, type StepEnd, type StepTools } from '../../../job/plan/step-work.ts';
import { failed, notDone } from '../../../job/runner/step-end.ts';
import { proofOfFilesWords } from '../../../scripts/seed-proof-words.ts';
import { command } from '../../place.ts';
import { onTarget } from '../on-target.ts';
import type { ServerPlan } from '../plan.ts';
import { linesOf } from '../proof/read-proof.ts';

export const proveFiles = defineStep({
  kind: 'prove-files',
  input: noInput,
  result: noResult,
  plan: (plan: ServerPlan) => ({
    ...onTarget(plan, 'prove files'),
    title: `check that ${plan.unit} on ${plan.target.name} will read the new data only`,
    input: {},
    commands: { files: command(plan.target.name, 'seed-proof', proofOfFilesWords(plan)) },
  }),
  run: prove,
});

async function prove({ run, step, note }: StepTools): Promise<StepEnd> {
  const answer = await run('files');
  if (!answer.ok) return notDone(answer);
  const { troubles, unasked } = linesOf(answer.stdout);
  if (troubles.length > 0) return failed(`the server of ${step.host} was not started: ${troubles.join('; ')}`, advice);
  if (unasked !== undefined) note(`! where the server will look for its logs is not known yet: ${unasked}`);
  else note('redo, undo and binary logs: the server will read the new data, and nothing else');
  return { ok: true };
}

const advice = 'its old data is put back; in its option files, let these logs lie in the datadir';
