// What becomes of a target that a job gives another source: where the job is aborted, and once it is over. Pure.
import type { JobRecord } from '../../../job/journal/record.ts';
import { stepOf } from '../../../job/steps-of.ts';
import { keepReattached, reattach } from '../../../seed/methods/binlog/reattach.ts';
import { cleanLine } from '../../../text/clean.ts';
import { lastRelease, type Ran } from './ran.ts';

export const isReattached = (job: JobRecord, host: string): boolean => stepOf(job, reattach, host) !== undefined;

/** From the end of that step on nothing is undone. */
const isKept = (job: JobRecord, host: string): boolean => stepOf(job, keepReattached, host)?.record.state === 'done';

export function reattachAborted(job: JobRecord, host: string): string {
  if (isKept(job, host)) return `${host} keeps its data, and stays a replica of its new source`;
  const made = stepOf(job, reattach, host)?.made;
  return made !== undefined && made !== 'released'
    ? `${host} keeps its data, and replicates again as it did before the job`
    : `${host} keeps its data, and its replication was not changed`;
}

/** What an undo says is seed-reattach.sh's. */
export function reattachEnded(job: JobRecord, host: string, commands: Ran): string {
  if (isKept(job, host)) return `${host} keeps its data, and replicates from its new source`;
  const undo = lastRelease(commands, stepOf(job, reattach, host));
  if (!undo) return `${host} keeps its data; its replication was not changed`;
  const now = undo.code === 0 ? cleanLine(undo.said.trim()) : 'how it replicates now is unknown, see below';
  return `${host} keeps its data; ${now}`;
}
