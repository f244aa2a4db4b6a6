// The commands of a unit on a host (scripts/unit.sh), for a plan.
import { endUnitsWords, pollUnitWords, startUnitWords } from '../../scripts/unit-words.ts';
import type { PlannedCommand } from '../plan/plan.ts';

const deadlineMs = 60_000;

interface UnitOn {
  readonly host: string;
  /** The job's key. */
  readonly job: string;
  readonly role: string;
}

export interface UnitProgram extends UnitOn, Pick<PlannedCommand, 'script' | 'args'> {
  /** Low priority for CPU and disk. */
  readonly background: boolean;
}

const command = (host: string, args: readonly string[]): PlannedCommand => ({ host, script: 'unit', args, deadlineMs });

export const pollCommand = ({ host, job, role }: UnitOn) => command(host, pollUnitWords({ job, role }, 0));

/** The commands of a unit: `start`, `poll`, and `end`, which removes all of it. The job's key marks the program's end. */
export function unitCommands({ host, job, role, script, args, background }: UnitProgram) {
  return {
    start: {
      ...command(host, startUnitWords({ job, role, by: 'auto', background, mark: job })),
      program: { script, args },
    },
    poll: pollCommand({ host, job, role }),
    end: command(host, endUnitsWords(job, [role])),
  };
}
