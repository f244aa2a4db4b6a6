// Whether a snapshot still has enough space for its step. A classic snapshot that is full is invalid: its data is lost.
// A full thin pool stops every volume in it, the live server's own among them. Pure.

import { shortDuration } from '../text/amounts.ts';
import { msFor, perSecond } from '../text/rate.ts';
import type { SnapshotUse } from './use.ts';

export interface UseSample {
  readonly atMs: number;
  readonly usedBytes: number;
}

export type UseJudgement =
  | { readonly verdict: 'fine' }
  /** It is nearly full: a classic one has to be extended now. */
  | { readonly verdict: 'tight' }
  /** Clean text: what is wrong with it, and what to do. */
  | { readonly verdict: 'over'; readonly why: string; readonly advice: string };

const tightPercent = 70;
const overPercent = 90;
/** A snapshot that will be full within this time counts as nearly full already. */
export const soonMs = 60_000;
const windowMs = 60_000;

/** `name` is `vg0/reseed-9f3a`. */
export interface SnapshotPlace {
  readonly name: string;
  readonly host: string;
}

export function judgeUse(place: SnapshotPlace, use: SnapshotUse, fullInMs: number | undefined): UseJudgement {
  const fullest = Math.max(use.usedPercent, use.pool?.metadataPercent ?? 0);
  const soon = fullInMs !== undefined && fullInMs <= soonMs;
  const ended = use.pool ? poolOver(place, use, use.pool.name, soon) : spaceOver(place, use);
  return ended ?? { verdict: fullest >= tightPercent || soon ? 'tight' : 'fine' };
}

/** The server's own volume is in the pool, and must not be stopped for a copy. */
function poolOver({ name, host }: SnapshotPlace, use: SnapshotUse, poolName: string, soon: boolean) {
  const pool = `the thin pool ${name.split('/')[0]}/${poolName} of ${host}`;
  const advice = 'extend the pool, or remove snapshots';
  if (!use.valid) return over(`${pool} has failed: what its snapshots held is lost`, advice);
  const fullest = Math.max(use.usedPercent, use.pool?.metadataPercent ?? 0);
  if (fullest < (soon ? tightPercent : overPercent)) return undefined;
  const filling = soon ? ', and fills fast' : '';
  return over(
    `${pool} is ${percents(use)} full${filling}: a full one stops its volumes, the server's own among them`,
    advice,
  );
}

function spaceOver({ name, host }: SnapshotPlace, use: SnapshotUse) {
  const snapshot = `the snapshot ${name} on ${host}`;
  const advice = 'take one with more room (snapshot.size), or while less is written';
  if (!use.valid) {
    return over(
      `${snapshot} overflowed and is invalid: what it held is lost, and what was copied from it is worthless`,
      advice,
    );
  }
  if (use.usedPercent < overPercent) return undefined;
  return over(`${snapshot} is ${percents(use)} full, and is lost when it is full`, advice);
}

const over = (why: string, advice: string): UseJudgement => ({ verdict: 'over', why, advice });

const percents = ({ usedPercent, pool }: SnapshotUse) =>
  pool && pool.metadataPercent > usedPercent
    ? `${Math.floor(pool.metadataPercent)} % of its metadata`
    : `${Math.floor(usedPercent)} %`;

/** Samples of the last minute: older writes say nothing about the present rate. */
export function withSample(samples: readonly UseSample[], atMs: number, use: SnapshotUse): UseSample[] {
  const sample = { atMs, usedBytes: (use.roomBytes * use.usedPercent) / 100 };
  return [...samples.filter((one) => atMs - one.atMs <= windowMs), sample];
}

/** At the rate of the samples. undefined: it does not grow, or the rate is unknown. */
export function msToFull(samples: readonly UseSample[], { roomBytes }: SnapshotUse): number | undefined {
  const measured = samples.map(({ atMs, usedBytes }) => ({ atMs, amount: usedBytes }));
  const last = measured.at(-1);
  return last && msFor(roomBytes - last.amount, perSecond(measured[0], last));
}

/** `snapshot space 12 % (full in 3 h)`. A value older than a minute has no forecast: `snapshot space 12 % (4 min ago)`. */
export function spaceLine(use: SnapshotUse, fullInMs: number | undefined, ageMs = 0): string {
  const what = use.pool ? `space of pool ${use.pool.name}` : 'snapshot space';
  if (ageMs > windowMs) return `${what} ${percents(use)} (${shortDuration(ageMs)} ago)`;
  return `${what} ${percents(use)}${fullInMs === undefined ? '' : ` (full in ${shortDuration(fullInMs)})`}`;
}
