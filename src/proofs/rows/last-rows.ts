// When the rows of a replica were last compared with those of its source, and what came of it: by the journal. Pure.
import type { JobRecord } from '../../job/journal/record.ts';
import { lanesOf } from '../../job/lanes.ts';
import { stepOf } from '../../job/steps-of.ts';
import { isSeed } from '../../seed/frame.ts';
import { shortDuration } from '../../text/amounts.ts';
import { comparedIn } from './ledger.ts';
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
  const compared = whole ?? comparedIn(job);
  // Of one that did not come to its end only what differs is known.
  if (!whole && compared && differencesOf(compared) === 0) return undefined;
  if (!tables || !compared || compared.ranges + differencesOf(compared) + tables.missing.length === 0) return undefined;
  const isDifferent = tables.missing.length + differencesOf(compared) > 0;
  const isPart = tables.notCompared.length + notComparedOf(compared) > 0;
  const result = isDifferent ? 'different' : isPart ? 'part' : 'equal';
  return { atMs: compared.atMs, source: job.plan.hosts[1] ?? '?', result, job: job.id };
}

/** `rows proved equal to those of db1 3 h ago` */
export function rowsText({ atMs, source, result, job }: LastRows, nowMs: number): string {
  const ago = `${shortDuration(Math.max(0, nowMs - atMs))} ago`;
  if (result === 'different') return `rows differ from those of ${source}, ${ago} (job ${job})`;
  const part = result === 'part' ? ', but for what was not compared' : '';
  return `rows proved equal to those of ${source} ${ago}${part}`;
}
