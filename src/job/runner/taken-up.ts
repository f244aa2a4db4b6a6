// A job that another jump host has taken up: its runner does nothing more, also where no host would refuse it, as for a hook on this machine.
// That a host refused it is in the journal, so the next runner knows it too.

import { takenUpStatus } from '../../scripts/host-fence-words.ts';
import { cleanLine } from '../../text/clean.ts';
import type { Journal } from '../journal/journal.ts';
import type { JobRecord } from '../journal/record.ts';
import { commandsOf, type PlannedStep } from '../plan/plan.ts';
import type { FailedStep } from '../plan/step-work.ts';
import { runCommand, type ToolParts } from './run-command.ts';
import { failed } from './step-end.ts';

export const takenUpAdvice = 'what it left there is for the jump host that has it now';

/** What the first host said that refused it; undefined: none did. */
export function takenUp(journal: Pick<Journal, 'commands'>, id: number): string | undefined {
  const refused = journal.commands(id).find(({ code }) => code === takenUpStatus);
  if (!refused) return undefined;
  return cleanLine(`${refused.host}: ${refused.said.match(/its job was taken up by .*/)?.[0] ?? refused.said}`);
}

/** The steps whose locks it holds. */
export function heldLocks({ plan, resources }: JobRecord): readonly PlannedStep[] {
  const held = new Set(resources.filter(({ state }) => state === 'held').map(({ step }) => step));
  return plan.steps.filter(({ name, volatile, acquires }) => volatile && acquires && held.has(name));
}

/**
 * Before a step that also works where the job has no lock, its hosts are asked: each takes its lock again, which is
 * refused where the job was taken up. One that does not answer is no reason: it may be why the step runs.
 */
export async function refusedElsewhere(
  job: JobRecord,
  step: PlannedStep,
  parts: ToolParts,
): Promise<FailedStep | undefined> {
  const locks = heldLocks(parts.journal.job(job.id) ?? job);
  const locked = new Set(locks.map(({ host }) => host));
  if ([step.host, ...commandsOf(step).map(({ host }) => host)].every((host) => locked.has(host))) return undefined;
  await Promise.all(
    locks.map(async (lock) => {
      const { take } = lock.commands;
      if (take) await runCommand(job, lock, 'take', take, parts, { quiet: true });
    }),
  );
  const why = takenUp(parts.journal, job.id);
  return why === undefined ? undefined : failed(why, takenUpAdvice);
}
