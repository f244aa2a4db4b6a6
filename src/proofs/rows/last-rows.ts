// When the rows of a replica were last compared with those of its source, and what came of it: by the journal. Pure.
import type { JobRecord } from '../../job/journal/record.ts';
import { lanesOf } from '../../job/lanes.ts';
import { stepOf } from '../../job/steps-of.ts';
import { isSeed } from '../../seed/frame.ts';
import { shortDuration } from '../../text/amounts.ts';
import { comparedIn, isVoid } from './ledger.ts';
import { listTables } from './list-tables.ts';
import { isRowProof } from './plan.ts';
import { comparedBy, differencesOf, notComparedOf } from './result.ts';

export interface LastRows {
  /** Milliseconds since 1970. */
  readonly atMs: number;
  readonly source: string;
  /** `part`: what was compared is equal, and some was not compared. */
  readonly result: 'equal' | 'part' | 'different';
  readonly job: number;
}

/** undefined: no rows of it were compared, or no job has ended that did, or a seed has replaced its data since. `jobs`: in any order, of any kind. */
export function lastRows(host: string, jobs: readonly JobRecord[]): LastRows | undefined {
  const last = jobs
    .flatMap((job) => (job.plan.hosts[0] === host ? (rowsIn(job) ?? []) : []))
    .toSorted((one, other) => other.atMs - one.atMs)[0];
  return last && jobs.some((job) => mayReplace(job, host, last.atMs)) ? undefined : last;
}

/** One that failed may have left other data too. */
const mayReplace = ({ plan, state, endedMs }: JobRecord, host: string, sinceMs: number): boolean =>
  isSeed(plan) && state !== 'planned' && (endedMs ?? sinceMs) >= sinceMs && lanesOf(plan).includes(host);

export function rowsIn(job: JobRecord): LastRows | undefined {
  if (!isRowProof(job.plan)) return undefined;
  const [tables, whole] = [stepOf(job, listTables)?.result, stepOf(job, comparedBy)?.result];
  if (!tables || isVoid(job)) return undefined;
  const compared = comparedIn(job);
  const source = job.plan.hosts[1] ?? '?';
  if (tables.missing.length + (compared ? differencesOf(compared) : 0) > 0) {
    return { atMs: compared?.atMs ?? job.endedMs ?? job.createdMs, source, result: 'different', job: job.id };
  }
  // Of one that did not come to its end only what differs is known.
  if (!whole || whole.ranges === 0) return undefined;
  const isPart = tables.notCompared.length + notComparedOf(whole) > 0;
  return { atMs: whole.atMs, source, result: isPart ? 'part' : 'equal', job: job.id };
}

/** `rows proved equal to those of db1 3 h ago` */
export function rowsText({ atMs, source, result, job }: LastRows, nowMs: number): string {
  const ago = `${shortDuration(Math.max(0, nowMs - atMs))} ago`;
  if (result === 'different') return `rows differ from those of ${source}, ${ago} (job ${job})`;
  const part = result === 'part' ? ', but for what was not compared' : '';
  return `rows proved equal to those of ${source} ${ago}${part}`;
}
