// The end of a job: the undo, or the releases of one that ended well; then the steps of its plan for that (`onFailure`, `onSuccess`), then its
// locks. Such a step changes nothing about the job's end or its error, and none runs for a job that another jump host has taken up.
import type { JobRecord } from '../journal/record.ts';
import { inVain, lanesOf } from '../lanes.ts';
import type { PlannedStep } from '../plan/plan.ts';
import { releaseAll } from './release.ts';
import type { ToolParts } from './run-command.ts';
import { takenUp } from './taken-up.ts';

/** `runStep` records the step's state. False: something could not be released. */
export async function endWithSteps(
  job: JobRecord,
  isDone: boolean,
  parts: ToolParts,
  others: ReadonlyMap<string, string>,
  runStep: (step: PlannedStep) => Promise<unknown>,
): Promise<boolean> {
  const { steps, onFailure, onSuccess } = job.plan;
  const last = isDone ? onSuccess : onFailure;
  if (!last) return releaseAll(job, parts, others);
  const names = new Set(steps.map(({ name }) => name));
  const isOfPlan = ({ volatile, name }: PlannedStep) => !volatile && names.has(name);
  const now = () => parts.journal.job(job.id) ?? job;
  const released = await releaseAll(job, parts, others, isOfPlan);
  for (const step of last) {
    if (takenUp(parts.journal, job.id) !== undefined) break;
    if (!isDue(now(), step, isDone)) continue;
    parts.journal.addStep(job.id, step.name);
    // A failure of its own would take the place of the lane's reason.
    const { lane: _, ...shared } = step;
    await runStep(shared);
  }
  return (await releaseAll(now(), parts, others, (step) => !isOfPlan(step))) && released;
}

/**
 * It has not ended, its lane failed (without a lane: any), and the locks that it needs are held: without them nothing
 * was begun there. A runner that died in it is followed by one that runs it again: the step knows what was begun.
 */
function isDue(job: JobRecord, step: PlannedStep, isDone: boolean): boolean {
  const state = job.steps.find(({ name }) => name === step.name)?.state;
  if (state === 'done' || state === 'failed') return false;
  return isLocked(job, step) && (isDone || step.lane === undefined || inVain(job, step));
}

function isLocked({ plan, resources }: JobRecord, { lane }: PlannedStep): boolean {
  const locks = plan.steps.filter(({ volatile, acquires }) => volatile && acquires);
  const isHeld = ({ name }: PlannedStep) => resources.some((one) => one.step === name && one.state === 'held');
  const lanes = lane === undefined ? lanesOf(plan) : [lane];
  const ofLanes = locks.filter((lock) => lock.lane !== undefined && lanes.includes(lock.lane));
  const shared = locks.filter((lock) => lock.lane === undefined);
  return shared.every(isHeld) && (ofLanes.length === 0 || ofLanes.some(isHeld));
}
