// What becomes of a server that gets named tables: where the job is aborted, and once it is over. Pure.
import type { JobRecord } from '../../../job/journal/record.ts';
import { stepOf } from '../../../job/steps-of.ts';
import { goOn } from '../../../tables/steps/go-on.ts';
import { holdApplier } from '../../../tables/steps/hold-applier.ts';
import { openTables } from '../../../tables/steps/open-tables.ts';
import { reachPosition } from '../../../tables/steps/reach-position.ts';
import { swapTables } from '../../../tables/steps/swap-tables.ts';
import { cleanLine } from '../../../text/clean.ts';
import { lastRelease, type Ran, runsOf } from './ran.ts';

export const getsTables = (job: JobRecord, host: string): boolean => stepOf(job, openTables, host) !== undefined;

/** `commands`: what the job ran. */
export function tablesAborted(job: JobRecord, host: string, commands: Ran): string {
  if (stepOf(job, goOn, host)?.isBegun)
    return `${host} keeps its new tables: they are in use, and the old ones are deleted`;
  const tables = stepOf(job, swapTables, host)?.isBegun ? 'gets its old tables back' : 'keeps its tables';
  const hold = stepOf(job, holdApplier, host);
  if (!hold) return `${host} ${tables}`;
  if (runsOf(commands, stepOf(job, reachPosition, host), 'passed').length > 0)
    return `${host} ${tables}, which lack events that were left out: its applier stays stopped`;
  return `${host} ${tables}; ${hold.isBegun ? 'its replication is as before the job again' : 'its replication was not touched'}`;
}

export function tablesEnded(job: JobRecord, host: string, commands: Ran): string {
  if (stepOf(job, goOn, host)?.isBegun)
    return `${host} has the new tables in use: reseed status ${host} tells how it replicates`;
  const open = stepOf(job, openTables, host);
  const undo = lastRelease(commands, open);
  const tables =
    open?.isBegun && undo?.code !== 0 ? 'which tables it has is not known, see below' : 'it has the tables that it had';
  const hold = stepOf(job, holdApplier, host);
  // What an undo could not put back is its own sentence (tables.sh).
  const left = [undo, lastRelease(commands, hold)].flatMap((one) => /^LEFT: (.*)$/m.exec(one?.said ?? '')?.[1] ?? []);
  if (left.length > 0) return `${host}: ${left.map(cleanLine).join('; ')}`;
  if (!hold?.isBegun) return `${host}: ${tables}`;
  const going =
    lastRelease(commands, hold)?.code === 0
      ? 'its replication is as before the job'
      : 'how it replicates now is not known';
  return `${host}: ${tables}; ${going}`;
}
