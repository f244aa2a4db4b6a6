// How fast a copy goes, of each of its streams, and since when nothing of it has moved. Pure: from what the unit that sends tells
// at each look.
import { perSecond } from '../../text/rate.ts';

interface Told {
  readonly atMs: number;
  /** Of each target, what has landed and what is on its way. */
  readonly laneBytes: readonly number[];
  /** Of each stream, what it has read since it began. */
  readonly streamBytes: readonly number[];
  /** Of each stream, what of its batch a limit has let through. */
  readonly passedBytes?: readonly number[];
}

export interface RateLook extends Told {
  /** The most that each target ever had: what is sent again after a break is nothing new, and a figure never goes back. */
  readonly maxBytes: readonly number[];
  /** How often something had moved: a target had more than ever, or the limit let something through. */
  readonly moves: number;
}

export interface TransferRate {
  /** Bytes a second of each stream; null: too little was seen yet. */
  readonly streams: readonly (number | null)[];
  /** For so long nothing has moved, seen at several looks in a row; absent: something moves. */
  readonly stalledMs?: number;
}

/** A rate is that of the last seconds: a task that ends makes one look alone jump about. */
const rateOverMs = 10_000;
/** A stall is not what two looks in a row say: a disk may think for a moment. */
const looksStill = 5;

/** The looks with one more: those of the last seconds, and those since when nothing has moved. */
export function withLook(looks: readonly RateLook[], told: Told): readonly RateLook[] {
  const before = looks.at(-1);
  const maxBytes = told.laneBytes.map((bytes, lane) => Math.max(bytes, before?.maxBytes[lane] ?? 0));
  const moved = sumOf(maxBytes) > sumOf(before?.maxBytes ?? []) || hasPassed(told, before);
  const look = { ...told, maxBytes, moves: (before?.moves ?? 0) + (moved ? 1 : 0) };
  const keptMs = Math.max(rateOverMs, stillMs([...looks, look]));
  return [...looks.filter(({ atMs }) => look.atMs - atMs <= keptMs), look];
}

const sumOf = (bytes: readonly number[]) => bytes.reduce((all, one) => all + one, 0);

/** Under a limit a block that was read at once takes seconds to leave, and what was cut off is sent again for minutes. */
const hasPassed = ({ passedBytes = [] }: Told, before: Told | undefined) =>
  passedBytes.some((bytes, stream) => bytes > (before?.passedBytes?.[stream] ?? 0));

export function transferRateOf(looks: readonly RateLook[]): TransferRate {
  const last = looks.at(-1);
  const recent = looks.filter(({ atMs }) => last !== undefined && last.atMs - atMs <= rateOverMs);
  const streams = (last?.streamBytes ?? []).map((_, index) => rateOf(recent, index));
  const still = looks.filter(({ moves }) => moves === last?.moves);
  return { streams, ...(still.length > looksStill && { stalledMs: stillMs(looks) }) };
}

/** Since the stream last began a task again: it tells less then than before. */
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
