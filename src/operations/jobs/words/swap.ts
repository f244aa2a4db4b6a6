// Whether a seed may have moved a target's old data, as far as its journal knows. Pure.
import type { JobRecord } from '../../../job/journal/record.ts';
import { stepOf } from '../../../job/steps-of.ts';
import { prepareFolder } from '../../../seed/target/prepare-folder.ts';
import { swapData } from '../../../seed/target/swap-data.ts';
import { lastRelease, type Ran, runsOf } from './ran.ts';

/** False: the swap did not begin, or was refused before it moved anything. The texts are seed-stage.sh's. */
export function isMoved(job: JobRecord, commands: Ran, host: string): boolean {
  const swap = stepOf(job, swapData, host);
  if (!swap?.isBegun) return false;
  const refused =
    swap.record.state === 'failed' && runsOf(commands, swap, 'run').at(-1)?.said.includes('Nothing was moved');
  const undone = lastRelease(commands, stepOf(job, prepareFolder, host))?.said.includes('it was not moved');
  return !refused && !undone;
}
