// The locks of a job whose steps are over, taken again before anything is undone under them.
import { isToRelease, type JobRecord } from '../journal/record.ts';
import type { PlannedStep } from '../plan/plan.ts';
import type { StepWorks } from '../plan/step-work.ts';
import { type StepParts, toolsFor } from './tools.ts';
import { workedOn } from './worked-on.ts';

/**
 * A restart of a host removes its lock, and an operator may have broken it: another job may work there now. Takes the lock of each host
 * on which `job` has something to release, except the locks in `taken` (names of steps), which this runner holds. Returns the hosts that
 * another job has locked, each with whose lock it is: nothing may be undone there. If a lock can't be taken for another reason, the undo
 * is tried all the same: its own commands say what is wrong.
 */
export async function takeAgain(
  job: JobRecord,
  taken: ReadonlySet<string>,
  parts: StepParts & { readonly works: StepWorks },
): Promise<ReadonlyMap<string, string>> {
  const others = new Map<string, string>();
  for (const step of job.plan.steps) {
    if (!step.volatile || !step.acquires || taken.has(step.name) || !isNeeded(job, step)) continue;
    const { what } = step.acquires;
    parts.journal.setResource(job.id, step.name, what, 'wanted');
    const end = await workedOn(parts.works[step.work], toolsFor(job, step, parts, new AbortController().signal));
    if (end.ok) parts.journal.setResource(job.id, step.name, what, 'held');
    else if (end.isOthers) others.set(step.host, end.message);
    else parts.log.write(step.host, end.message);
  }
  return others;
}

const isNeeded = ({ plan, resources }: JobRecord, lock: PlannedStep): boolean =>
  resources.some(
    ({ step, state }) =>
      step !== lock.name &&
      isToRelease(state) &&
      plan.steps.some(({ name, host }) => name === step && host === lock.host),
  );
