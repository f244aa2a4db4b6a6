// Whether a seed may have moved a target's old data, as far as its journal knows. Pure.
import type { JobRecord } from '../../../job/journal/record.ts';
import { stepOf } from '../../../job/steps-of.ts';
import { movedNothing, readUndone } from '../../../scripts/seed-stage-answers.ts';
import { prepareFolder } from '../../../seed/target/prepare-folder.ts';
import { swapData } from '../../../seed/target/swap-data.ts';
import { type Ran, releasesOf, runsOf } from './ran.ts';

/** False: the swap did not begin, or was refused before it moved anything. */
export function isMoved(job: JobRecord, commands: Ran, host: string): boolean {
  const swap = stepOf(job, swapData, host);
  if (!swap?.isBegun) return false;
  const last = runsOf(commands, swap, 'run').at(-1);
  const refused = swap.record.state === 'failed' && last !== undefined && movedNothing(last.said);
  // One that is asked again may not know any more what it found.
  const undone = releasesOf(commands, stepOf(job, prepareFolder, host)).some(
    ({ said }) => readUndone(said).old === 'not moved',
  );
  return !refused && !undone;
}
