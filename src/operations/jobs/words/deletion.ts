// Whether a seed deleted a target's old data, as far as its journal knows. Pure.
import type { JobRecord } from '../../../job/journal/record.ts';
import { stepOf } from '../../../job/steps-of.ts';
import { clearOld } from '../../../seed/target/clear-old.ts';
import { deleteByCommand } from '../../../seed/target/delete-by-command.ts';
import type { dropOld } from '../../../seed/target/drop-old.ts';
import { swapData } from '../../../seed/target/swap-data.ts';
import { copyData } from '../../../seed/transfer/steps/copy-data.ts';
import { type Ran, runsOf } from './ran.ts';

/** `begun`: the step is running, failed, or its runner died: its command may have deleted all, some or nothing. */
export type Deletion = 'no' | 'begun' | 'done';

/** `kind`: the step that deletes: clearOld makes space before the copy, dropOld ends a seed. */
export function deletionBy(
  job: JobRecord,
  commands: Ran,
  kind: typeof clearOld | typeof dropOld,
  host: string,
): Deletion {
  const step = stepOf(job, kind, host);
  // A delta takes its files, from some time of the copy on.
  if (kind === clearOld && step?.planned.input.taken === true) return takenBy(job, host);
  const succeeded = runsOf(commands, step, 'run').some(({ code }) => code === 0);
  if (step?.record.state === 'done' || succeeded) return 'done';
  // A command of the inventory may delete it before that step.
  const isByCommand = kind === clearOld && stepOf(job, deleteByCommand, host)?.isBegun;
  return step?.isBegun || isByCommand ? 'begun' : 'no';
}

/** Where the copy is whole, or new data is put in place, its files were taken. */
function takenBy(job: JobRecord, host: string): Deletion {
  const copy = stepOf(job, copyData);
  if (copy?.record.state === 'done' || stepOf(job, swapData, host)?.isBegun) return 'done';
  return copy?.isBegun ? 'begun' : 'no';
}
