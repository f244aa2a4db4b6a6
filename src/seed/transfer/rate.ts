// The rate of a copy and of each of its streams, and since when nothing has moved. Pure: from the sending unit's report
// at each look.
import { perSecond } from '../../text/rate.ts';

interface Told {
  readonly atMs: number;
  /** For each target, the bytes that have landed or are on their way. */
  readonly laneBytes: readonly number[];
  /** For each stream, the bytes that it has read since it began. */
  readonly streamBytes: readonly number[];
  /** For each stream, the bytes of its batch that a limit has let through. */
  readonly passedBytes?: readonly number[];
}

export interface RateLook extends Told {
  /** The maximum of each target so far: bytes that are sent again after a break are no progress, and a figure never goes back. */
  readonly maxBytes: readonly number[];
  /** How often something has moved: a target's maximum grew, or the limit let bytes through. */
  readonly moves: number;
  /** When each target last had more than ever before; from its first look on. */
  readonly laneMovedAtMs: readonly number[];
}

export interface TransferRate {
  /** Bytes a second of each stream; null: too few samples yet. */
  readonly streams: readonly (number | null)[];
  /** For this long nothing has moved, over several looks in a row; absent: something moves. */
  readonly stalledMs?: number;
}

/** A rate is averaged over the last seconds: the end of a task makes a single look jump about. */
const rateOverMs = 10_000;
/** Two equal looks are no stall: a disk may pause for a moment. */
const looksStill = 5;

/** The looks with one more: those of the last seconds, and those since nothing has moved. */
export function withLook(looks: readonly RateLook[], told: Told): readonly RateLook[] {
  const before = looks.at(-1);
  const maxBytes = told.laneBytes.map((bytes, lane) => Math.max(bytes, before?.maxBytes[lane] ?? 0));
  const moved = sumOf(maxBytes) > sumOf(before?.maxBytes ?? []) || hasPassed(told, before);
  const laneMovedAtMs = maxBytes.map((bytes, lane) => {
    const lastMs = before?.laneMovedAtMs[lane];
    return lastMs === undefined || bytes > (before?.maxBytes[lane] ?? 0) ? told.atMs : lastMs;
  });
  const look = { ...told, maxBytes, laneMovedAtMs, moves: (before?.moves ?? 0) + (moved ? 1 : 0) };
  const keptMs = Math.max(rateOverMs, stillMs([...looks, look]));
  return [...looks.filter(({ atMs }) => look.atMs - atMs <= keptMs), look];
}

const sumOf = (bytes: readonly number[]) => bytes.reduce((all, one) => all + one, 0);

/** Under a limit, a block that was read at once takes seconds to leave, and what was cut off is sent again for minutes. */
const hasPassed = ({ passedBytes = [] }: Told, before: Told | undefined) =>
  passedBytes.some((bytes, stream) => bytes > (before?.passedBytes?.[stream] ?? 0));

/** A target that others pass data on to gets it in whole tasks: for some seconds nothing of it is seen. */
const laneStillMs = 15_000;

/** For how long each target has had no more than before, though others may; undefined: not for long, or not seen at several looks. */
export function laneStalls(looks: readonly RateLook[]): readonly (number | undefined)[] {
  const last = looks.at(-1);
  return (last?.laneMovedAtMs ?? []).map((movedAtMs) => {
    const stillMs = last === undefined ? 0 : last.atMs - movedAtMs;
    const seen = looks.filter(({ atMs }) => atMs >= movedAtMs).length;
    return stillMs >= laneStillMs && seen > looksStill ? stillMs : undefined;
  });
}

export function transferRateOf(looks: readonly RateLook[]): TransferRate {
  const last = looks.at(-1);
  const recent = looks.filter(({ atMs }) => last !== undefined && last.atMs - atMs <= rateOverMs);
  const streams = (last?.streamBytes ?? []).map((_, index) => rateOf(recent, index));
  const still = looks.filter(({ moves }) => moves === last?.moves);
  return { streams, ...(still.length > looksStill && { stalledMs: stillMs(looks) }) };
}

/** Since the stream last began a task again: its figure is then lower than before. */
function rateOf(looks: readonly RateLook[], stream: number): number | null {
  const told = looks.map(({ atMs, streamBytes }) => ({ atMs, amount: streamBytes[stream] ?? 0 }));
  const fell = told.findLastIndex(({ amount }, index) => amount < (told[index - 1]?.amount ?? 0));
  const rate = perSecond(told[Math.max(0, fell)], told.at(-1));
  return rate === undefined ? null : Math.round(rate);
}

function stillMs(looks: readonly RateLook[]): number {
  const last = looks.at(-1);
  const since = looks.find(({ moves }) => moves === last?.moves);
  return last && since ? last.atMs - since.atMs : 0;
}

/** `nothing has moved for 14 s; db6 is given up after 120 s` */
export function stallText(stalledMs: number, lanes: readonly string[], patienceSeconds: number): string {
  const still = `nothing has moved for ${Math.floor(stalledMs / 1000)} s`;
  const [only, ...more] = lanes;
  if (only === undefined) return still;
  if (more.length === 0) return `${still}; ${only} is given up after ${patienceSeconds} s`;
  return `${still}; a target that takes nothing for ${patienceSeconds} s is given up: ${lanes.join(', ')}`;
}
