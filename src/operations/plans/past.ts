// What the journal of jobs says for a new plan: what running jobs use, and how long it took before. Pure.

import type { HostReport, LogicalVolume } from '../../host/facts.ts';
import { marksOf } from '../../host/storage/snapshots.ts';
import { isOver, type JobRecord, workedMs } from '../../job/journal/record.ts';
import { lanesOf } from '../../job/lanes.ts';
import { commandsOf } from '../../job/plan/plan.ts';
import { stepOf, stepsOf } from '../../job/steps-of.ts';
import { sendsUnequal } from '../../scripts/seed-data-words.ts';
import { limitIn } from '../../scripts/seed-way-words.ts';
import { namedBy } from '../../scripts/snapshot-words.ts';
import { isSeed } from '../../seed/frame.ts';
import type { Blocking } from '../../seed/methods/method.ts';
import { copyData } from '../../seed/transfer/steps/copy-data.ts';
import { listData } from '../../seed/transfer/steps/list-data.ts';
import { takeSnapshot } from '../../snapshot/take-snapshot.ts';
import { shortDuration, shortSize } from '../../text/amounts.ts';
import { exactDuration } from '../../text/times.ts';

/** The newest first. */
export type Past = readonly JobRecord[];

/** The unfinished job that takes, mounts or removes this snapshot. Undefined: none of this journal. */
export function userOf(past: Past, host: string, snapshot: Pick<LogicalVolume, 'group' | 'volume' | 'tags'>) {
  const { group, volume } = snapshot;
  const names = [volume, marksOf(snapshot).knownAs];
  return past.find(({ state, plan }) => {
    if (isOver(state)) return false;
    return plan.steps.flatMap(commandsOf).some(({ host: at, script, args }) => {
      const named = namedBy(args);
      return at === host && script === 'snapshot' && named.group === group && names.includes(named.volume);
    });
  });
}

/** Unfinished jobs: numbers by key. */
export const openJobs = (past: Past): ReadonlyMap<string, number> =>
  new Map(past.filter(({ state }) => !isOver(state)).map(({ key, id }) => [key, id]));

/** Jobs that ended and left something half undone: numbers by key. */
export const uncleanJobs = (past: Past): ReadonlyMap<string, number> =>
  new Map(past.filter(({ state }) => state === 'cleanup-needed').map(({ key, id }) => [key, id]));

/** A figure from earlier jobs; `unknown`: no earlier job has it. */
export interface Told {
  readonly level: 'pass' | 'unknown';
  readonly text: string;
}

const told = (text: string): Told => ({ level: 'pass', text });
const untold = (text: string): Told => ({ level: 'unknown', text });

const bySnapshot: Blocking = { what: 'the snapshot is taken', told: takeSnapshot };

/** `writes are blocked while the snapshot is taken; last time for 0.84 s (job 12, 3 h ago)` */
export function blockedWords(past: Past, host: string, nowMs: number, { what, told: step } = bySnapshot): Told {
  const words = `writes are blocked while ${what}`;
  for (const job of past) {
    const { id, endedMs, createdMs } = job;
    const steps = job.plan.hosts[0] === host ? stepsOf(job, step) : [];
    const lockedMs = steps.find(({ record }) => record.state === 'done')?.result?.lockedMs ?? 0;
    if (lockedMs > 0) {
      const ago = shortDuration(nowMs - (endedMs ?? createdMs));
      return told(`${words}; last time for ${exactDuration(lockedMs)} (job ${id}, ${ago} ago)`);
    }
  }
  return untold(`${words}; for how long is unknown: no job took one here before`);
}

interface Measured {
  readonly job: JobRecord;
  readonly bytesPerSecond: number;
  /** The time of all steps except the copy. */
  readonly restMs: number;
  /** The planned limit, in bytes per second on the wire; 0: none. */
  readonly limit: number;
  /** Only what differed from the target's old data was sent: a rate of what was compared. */
  readonly comparesOld: boolean;
  /** Of a delta, and of all its data: bytes that were sent, before compression; undefined: unknown. */
  readonly sentBytes?: number | undefined;
  readonly bytes: number;
}

const limitOf = (job: JobRecord): number => limitIn(stepOf(job, listData)?.planned.commands.limit?.args ?? []);

function measured(job: JobRecord): Measured | undefined {
  const step = stepOf(job, copyData);
  const copy = step?.record;
  const copyMs = copy && workedMs(copy, false, 0);
  const bytes = copy?.progress?.totalBytes;
  if (!isSeed(job.plan) || job.state !== 'done' || !copyMs || !bytes) return undefined;
  const limit = limitOf(job);
  // The operator changed it meanwhile: the rate is of neither.
  if ((copy?.progress?.limit ?? limit) !== limit) return undefined;
  const allMs = job.steps.reduce((sum, step) => sum + (workedMs(step, false, 0) ?? 0), 0);
  const comparesOld = sendsUnequal(step?.planned.commands['send start']?.program?.args ?? []);
  const { sentBytes } = copy?.progress ?? {};
  const bytesPerSecond = (bytes / copyMs) * 1000;
  return { job, bytes, bytesPerSecond, restMs: allMs - copyMs, limit, comparesOld, sentBytes };
}

/** A seed whose duration is asked for. */
export interface Asked {
  readonly donor: string;
  readonly targets: readonly string[];
  /** Of the donor's data; undefined: it could not be counted. */
  readonly bytes: number | undefined;
  /** In bytes per second on the wire; 0: none. It bounds the rate of data that does not compress. */
  readonly limit: number;
  /** Whether it sends only what differs from the old data. */
  readonly comparesOld: boolean;
  /** The bytes of the donor's binary logs in its datadir: a target has none that are equal. Absent: unknown. */
  readonly logBytes?: number | undefined;
}

/** The earlier seed that is the best reference. */
function nearest(past: Past, { donor, targets, limit, comparesOld }: Asked): Measured | undefined {
  // A job with the same limit is a better reference.
  const known = past
    .flatMap((job) => measured(job) ?? [])
    .filter((one) => one.comparesOld === comparesOld)
    .toSorted((one, other) => Number(one.limit !== limit) - Number(other.limit !== limit));
  const isFrom = ({ job }: Measured) => job.plan.hosts[0] === donor;
  const isTo = ({ job }: Measured) => lanesOf(job.plan).some((lane) => targets.includes(lane));
  return known.find((one) => isFrom(one) && isTo(one)) ?? known.find((one) => isFrom(one) || isTo(one));
}

/** `takes about 5 min: 287M at 1.2M/s as in job 12 (db2 → db3), and 72 s for the other steps`; unknown parts are named. */
export function durationWords(past: Past, asked: Asked): Told {
  const { donor, targets, bytes, limit, comparesOld } = asked;
  if (bytes === undefined) return untold('how long it takes is unknown: how much data there is could not be counted');
  const best = nearest(past, asked);
  if (!best) {
    const hosts = [donor, ...targets].join(', ');
    const earlier = comparesOld ? `seed of ${hosts} by a delta` : `seed of ${hosts}`;
    return untold(`how long it takes is unknown: no earlier ${earlier} that ended well is in the journal`);
  }
  const { job, bytesPerSecond, restMs } = best;
  const rest = `${shortDuration(restMs)} for the other steps`;
  const withLimit =
    best.limit === limit ? '' : best.limit === 0 ? ' without a limit' : ` with a limit of ${shortSize(best.limit)}/s`;
  const before = `${shortSize(bytesPerSecond)}/s as in job ${job.id} (${job.plan.title})${withLimit}`;
  const takes = (rate: number) => shortDuration((bytes / rate) * 1000 + restMs);
  if (comparesOld)
    return told(`takes about ${takes(bytesPerSecond)}: ${shortSize(bytes)} compared at ${before}, and ${rest}`);
  if (limit > 0 && best.limit !== limit && bytesPerSecond > limit) {
    return told(
      `takes up to ${takes(limit)}: ${shortSize(bytes)} at the limit of ${shortSize(limit)}/s, less where the data compresses; and ${rest}. It went at ${before}`,
    );
  }
  return told(`takes about ${takes(bytesPerSecond)}: ${shortSize(bytes)} at ${before}, and ${rest}`);
}

/** `sends what differs: ? of 287M, 20M of binary logs among it, before compression; 13M of 287M in job 14, 3 h ago` */
export function differsWords(past: Past, asked: Asked, nowMs: number): Told {
  const { bytes, logBytes = 0 } = asked;
  const logs = logBytes > 0 ? `, ${shortSize(logBytes)} of binary logs among it` : '';
  const words = `sends what differs: ? of ${bytes === undefined ? '?' : shortSize(bytes)}${logs}, before compression`;
  const best = nearest(past, asked);
  if (best?.sentBytes === undefined) return untold(words);
  const { id, endedMs, createdMs } = best.job;
  const ago = shortDuration(nowMs - (endedMs ?? createdMs));
  return told(`${words}; ${shortSize(best.sentBytes)} of ${shortSize(best.bytes)} in job ${id}, ${ago} ago`);
}

/** `saves about 5 min of copying 287M, at 1.2M/s as in job 12 (db2 → db3)`; where no rate is known, `?` minutes. */
export function savedWords(past: Past, asked: Omit<Asked, 'comparesOld'>): Told {
  const { bytes, limit } = asked;
  if (bytes === undefined) return untold('saves ? min of copying: how much data there is could not be counted');
  // Of what a copy would take.
  const best = nearest(past, { ...asked, comparesOld: false });
  if (!best && limit === 0) return untold(`saves ? min of copying ${shortSize(bytes)}: at which rate is unknown`);
  const rate = best ? best.bytesPerSecond : limit;
  const from = best ? `as in job ${best.job.id} (${best.job.plan.title})` : 'which is the limit';
  const ms = (bytes / rate) * 1000 + (best?.restMs ?? 0);
  return told(`saves about ${shortDuration(ms)} of copying ${shortSize(bytes)}, at ${shortSize(rate)}/s ${from}`);
}

/** The longest running statement: the lock waits for it, and all writes wait for the lock. */
export function statementWords({ server }: HostReport): string {
  const seconds = server?.ok ? server.value.longestStatementSeconds : undefined;
  return seconds === undefined
    ? 'the longest statement that runs: unknown'
    : `the longest statement runs for ${seconds} s`;
}
