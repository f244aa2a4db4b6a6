// Deletes the target's old data, once it has caught up, and its server runs still.
import { defineStep, noInput, noResult, type StepEnd, type StepTools } from '../../job/plan/step-work.ts';
import { targetLog } from '../place.ts';
import { stillRuns, wakeCommands } from '../replica/awake.ts';
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
    commands: { ...wakeOf(plan), run: stage(plan, 'drop', {}, deleteDeadlineMs) },
  }),
  run: drop,
});

const wakeOf = ({ request: { job }, target, unit }: TargetPlan) =>
  wakeCommands({ target: target.host, unit, datadir: target.facts.datadir, errorLog: targetLog(target), job });

async function drop(tools: StepTools): Promise<StepEnd> {
  const runs = await stillRuns(tools);
  return runs.ok ? await runAndNote(tools) : runs;
}
