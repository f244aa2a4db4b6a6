// Whether the target's server can start on the donor's data without the donor's binary log: a transaction that was prepared in the engine
// is committed or rolled back by what that log says ("Found 1 prepared transactions" otherwise, and no start).
import { posix } from 'node:path';
import { marksOf } from '../host/snapshots.ts';
import { type Finding, judging } from './finding.ts';
import { liesIn } from './state-places.ts';
import type { SeedWish, Side } from './wish.ts';

export function logChecks({ donor, snapshot, stopped }: SeedWish, target: Side): Finding[] {
  const { pass, refuse } = judging(target);
  const [given, taken] = [donor, target].map(({ facts }) => binaryLogOf(facts));
  if (given === undefined || taken === undefined) return [];
  const [from, here] = [donor.host.name, target.host.name];
  const text = `binary log: ${given.on ? 'on' : 'off'} on ${from}, ${taken.on ? 'on' : 'off'} here`;
  const isFound = !given.on || (given.below !== undefined && given.below === taken.below);
  if (isFound || stopped || !snapshot || marksOf(snapshot).proved) return [pass(text)];
  return [
    refuse(
      `${text}: ${here} would not find the log of ${from}, and the snapshot ${snapshot.volume}, which reseed did not take, may hold transactions that only this log decides`,
      `seed from a new snapshot, which needs no binary log`,
    ),
  ];
}

/** `below`: its path below the datadir; absent: it lies elsewhere, or there is none. undefined: unknown. */
function binaryLogOf({ datadir, places }: Side['facts']): { on: boolean; below?: string } | undefined {
  if (places.length === 0) return undefined;
  const log = places.find(({ kind }) => kind === 'binlog');
  if (!log) return { on: false };
  return liesIn(datadir, log.path) ? { on: true, below: posix.relative(datadir, log.path) } : { on: true };
}
