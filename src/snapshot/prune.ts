// Which snapshots a prune removes, and when it removes none at all. Pure.
import type { LogicalVolume } from '../host/facts.ts';
import { hasFailed, isOpen } from '../host/storage/lvm.ts';
import { isSnapshot, marksOf } from '../host/storage/snapshots.ts';
import type { KeepRule } from '../inventory/settings.ts';
import { type Planned, refusal } from '../job/plan/refusal.ts';
import { shortDuration } from '../text/amounts.ts';
import { keptOf } from './retention.ts';
import { nameOf } from './snapshot-commands.ts';

export type PruneRule = { readonly keep: number | KeepRule } | { readonly youngerThanMs: number };

/** A clock is read a while before or after the snapshots are listed. */
const readApartMs = 5 * 60_000;

/** Dated after its host's clock: that clock was wrong then, or is now. How old it is can't be told. */
export const isAhead = ({ createdSeconds = 0 }: LogicalVolume, hostNowMs: number): boolean =>
  createdSeconds * 1000 > hostNowMs + readApartMs;

/**
 * Those of reseed's snapshots of a volume that are removed, so that those of `keep` stay (retention.ts), or those younger than `youngerThanMs`,
 * the newest whole one, and the newest that a replica can begin with. One that is dated after the host's clock stays and takes no place.
 */
export function toPrune(volumes: readonly LogicalVolume[], rule: PruneRule, hostNowMs: number): LogicalVolume[] {
  const own = unusedOf(volumes, hostNowMs);
  if ('keep' in rule) {
    const kept = keptOf(own, rule.keep);
    return own.filter((snapshot) => !kept.has(snapshot));
  }
  const kept = keptOf(own, 1);
  // A snapshot of unknown age does not count as old.
  const isOld = ({ createdSeconds }: LogicalVolume) =>
    createdSeconds !== undefined && hostNowMs - createdSeconds * 1000 >= rule.youngerThanMs;
  return own.filter((snapshot) => isOld(snapshot) && !kept.has(snapshot));
}

/**
 * Those that may go where room is lacking, whatever the rule says, in the order in which they go: first those whose data is lost, then the oldest.
 * The newest `least`, the newest that a replica can begin with and the newest that is proved to restore stay, and one of unknown age.
 */
export function toSpare(volumes: readonly LogicalVolume[], least: number, hostNowMs: number): LogicalVolume[] {
  const own = unusedOf(volumes, hostNowMs);
  const kept = keptOf(own, least);
  return own
    .filter((snapshot) => !kept.has(snapshot) && (!snapshot.valid || snapshot.createdSeconds !== undefined))
    .toReversed()
    .toSorted((one, other) => Number(one.valid) - Number(other.valid));
}

/** Those of reseed's snapshots that nothing uses, the newest first. */
const unusedOf = (volumes: readonly LogicalVolume[], hostNowMs: number): LogicalVolume[] =>
  volumes
    .filter((volume) => isOwn(volume) && volume.mountPoints.length === 0 && !isOpen(volume))
    .filter((volume) => !isAhead(volume, hostNowMs))
    .toSorted((one, other) => (other.createdSeconds ?? 0) - (one.createdSeconds ?? 0));

/** A snapshot that reseed made, to stay. */
export const isOwn = (volume: LogicalVolume): boolean =>
  isSnapshot(volume) && marksOf(volume).ours && !marksOf(volume).isCopy;

interface Clocks {
  /** Absent: the host has not told it. */
  readonly hostMs?: number;
  /** This machine's. */
  readonly nowMs: number;
}

/** Facts are up to some minutes old. */
const agreeMs = 3_600_000;

/** Why none of these may be removed by that rule. */
export function pruneRefusal(
  host: string,
  snapshots: readonly LogicalVolume[],
  rule: PruneRule,
  { hostMs, nowMs }: Clocks,
): Extract<Planned, { ok: false }> | undefined {
  const failed = snapshots.find(hasFailed);
  if (failed) {
    const { group, pool = '' } = failed;
    return refusal(
      `${nameOf(failed)} of ${host} can't be read: its thin pool ${group}/${pool} has failed, which does not mean that its data is lost`,
      `repair the pool first (lvconvert --repair ${group}/${pool}), or remove one by its name`,
    );
  }
  if (!('youngerThanMs' in rule) || snapshots.length === 0) return undefined;
  const advice = 'set the clocks, or prune by a number: keep';
  if (hostMs === undefined)
    return refusal(`the clock of ${host} is not known: how old its snapshots are can't be told`, advice);
  const aheadMs = hostMs - nowMs;
  if (Math.abs(aheadMs) <= agreeMs) return undefined;
  const apart = `${shortDuration(Math.abs(aheadMs))} ${aheadMs > 0 ? 'ahead of' : 'behind'}`;
  return refusal(
    `the clock of ${host} is ${apart} that of this machine: how old its snapshots are can't be told`,
    advice,
  );
}
