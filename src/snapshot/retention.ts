// Which snapshots stay when older ones are removed: the newest ones, and the newest of each hour, day, week and month. Pure.
import type { LogicalVolume } from '../host/facts.ts';
import { marksOf } from '../host/storage/snapshots.ts';
import type { KeepRule, Period } from '../inventory/settings.ts';

/** By this machine's clock. Hours are not: in the one that comes twice two snapshots would count as one. */
const bucketOf: Readonly<Record<Period, (time: Date) => number>> = {
  hourly: (time) => Math.floor(time.getTime() / 3_600_000),
  daily: (time) => dayOf(time),
  // Weeks begin on Monday; 1 January 1970 was a Thursday.
  weekly: (time) => Math.floor((dayOf(time) + 3) / 7),
  monthly: (time) => time.getFullYear() * 12 + time.getMonth(),
};

const dayOf = (time: Date) => Math.floor(Date.UTC(time.getFullYear(), time.getMonth(), time.getDate()) / 86_400_000);

/** A classic one that is so full is lost before long: it takes no place of another. */
const nearlyFullPercent = 90;

/** Its data will be lost when its room is full. A thin one has no room of its own. */
export const isNearlyFull = ({ kind, valid, usedPercent = 0 }: LogicalVolume): boolean =>
  kind === 'snapshot' && valid && usedPercent >= nearlyFullPercent;

/** Those that the rule keeps of all, and those that it keeps without the ones that are nearly full. */
export const keptOf = (newestFirst: readonly LogicalVolume[], rule: number | KeepRule): ReadonlySet<LogicalVolume> =>
  new Set([
    ...keptAmong(newestFirst, rule),
    ...keptAmong(
      newestFirst.filter((one) => !isNearlyFull(one)),
      rule,
    ),
  ]);

/**
 * `newestFirst`: snapshots of one volume. An invalid one, whose data is lost, takes no place. Where periods are named, the newest stays in any
 * case, and the newest that is proved to restore, wholly and in part; and where any stays, the newest whose coordinates are known: without it none can be used for a replica.
 */
function keptAmong(newestFirst: readonly LogicalVolume[], rule: number | KeepRule): ReadonlySet<LogicalVolume> {
  const { last = 0, ...periods } = typeof rule === 'number' ? { last: rule } : rule;
  const usable = newestFirst.filter(({ valid }) => valid);
  const counted = Object.entries(periods) as readonly [Period, number][];
  const kept = new Set([
    ...usable.slice(0, counted.length > 0 ? Math.max(last, 1) : last),
    ...counted.flatMap(([period, count]) => newestOfEach(usable, bucketOf[period], count)),
    // Of an unknown age: in which period it is can't be told.
    ...(counted.length > 0 ? usable.filter(({ createdSeconds }) => createdSeconds === undefined) : []),
  ]);
  const proved = usable.find((snapshot) => marksOf(snapshot).proved);
  if (kept.size > 0 && proved) kept.add(proved);
  // One of which a part was read is no reason to let the newest go of which all was.
  for (const least of [1, 100]) {
    const restores = usable.find((snapshot) => (marksOf(snapshot).restores?.percent ?? 0) >= least);
    if (restores) kept.add(restores);
  }
  return kept;
}

function newestOfEach(
  newestFirst: readonly LogicalVolume[],
  bucket: (time: Date) => number,
  count: number,
): readonly LogicalVolume[] {
  const seen = new Map<number, LogicalVolume>();
  for (const snapshot of newestFirst) {
    if (snapshot.createdSeconds === undefined) continue;
    const number = bucket(new Date(snapshot.createdSeconds * 1000));
    if (!seen.has(number)) seen.set(number, snapshot);
  }
  return [...seen.values()].slice(0, count);
}
