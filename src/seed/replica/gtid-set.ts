// Sets of GTIDs, as MySQL writes them (`uuid:1-5:7,uuid:tag:3`), and positions, as MariaDB does (`0-14-5317,1-14-9`). Pure.

/** From `uuid` or `uuid:tag` to intervals, which are sorted and do not touch. */
export type GtidSet = ReadonlyMap<string, readonly Interval[]>;

/** Both ends are included. MySQL's numbers go to 2^63, so they are bigints. */
export interface Interval {
  readonly first: bigint;
  readonly last: bigint;
}

/** undefined: this is no set. An empty text is the empty set. */
export function readGtidSet(text: string): GtidSet | undefined {
  const found = new Map<string, Interval[]>();
  for (const part of text.replaceAll(/\s/g, '').split(',')) {
    if (part === '') continue;
    const [uuid = '', ...words] = part.toLowerCase().split(':');
    if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(uuid) || words.length === 0) return undefined;
    // Since 8.3 a tag applies to the intervals after it.
    let name = uuid;
    for (const word of words) {
      if (/^[a-z_][a-z0-9_]{0,31}$/.test(word)) {
        name = `${uuid}:${word}`;
        continue;
      }
      const interval = readInterval(word);
      if (!interval) return undefined;
      found.set(name, [...(found.get(name) ?? []), interval]);
    }
  }
  return new Map([...found].map(([name, intervals]) => [name, joined(intervals)]));
}

function readInterval(word: string): Interval | undefined {
  const [, first, last] = /^(\d{1,19})(?:-(\d{1,19}))?$/.exec(word) ?? [];
  if (first === undefined) return undefined;
  return { first: BigInt(first), last: BigInt(last ?? first) };
}

function joined(intervals: readonly Interval[]): Interval[] {
  const sorted = intervals.toSorted((one, other) => (one.first < other.first ? -1 : 1));
  const result: Interval[] = [];
  for (const { first, last } of sorted) {
    const before = result.at(-1);
    if (before && first <= before.last + 1n) {
      result[result.length - 1] = { first: before.first, last: last > before.last ? last : before.last };
    } else result.push({ first, last });
  }
  return result;
}

/** The part of `whole` that is not in `part`. */
export function without(whole: GtidSet, part: GtidSet): GtidSet {
  const left = new Map<string, Interval[]>();
  for (const [name, intervals] of whole) {
    const holes = part.get(name) ?? [];
    const rest = intervals.flatMap((interval) => cut(interval, holes));
    if (rest.length > 0) left.set(name, rest);
  }
  return left;
}

function cut({ first, last }: Interval, holes: readonly Interval[]): Interval[] {
  const rest: Interval[] = [];
  let from = first;
  for (const hole of holes) {
    if (hole.last < from || hole.first > last) continue;
    if (hole.first > from) rest.push({ first: from, last: hole.first - 1n });
    from = hole.last + 1n;
  }
  if (from <= last) rest.push({ first: from, last });
  return rest;
}

/** Those of both; a text that is no set counts as an empty one. */
export const bothOf = (one: string, other: string): string =>
  gtidText(readGtidSet([one, other].filter((text) => readGtidSet(text)).join(',')) ?? new Map());

/** Those of `whole` that are not in `part`. */
export const gtidsBeyond = (whole: string, part: string): string =>
  gtidText(without(readGtidSet(whole) ?? new Map(), readGtidSet(part) ?? new Map()));

/** The number of transactions in a set. */
export function countOf(set: GtidSet): number {
  let sum = 0n;
  for (const intervals of set.values()) for (const { first, last } of intervals) sum += last - first + 1n;
  return Number(sum);
}

export function gtidText(set: GtidSet): string {
  const words = ({ first, last }: Interval) => (first === last ? `${first}` : `${first}-${last}`);
  return [...set].map(([name, intervals]) => [name, ...intervals.map(words)].join(':')).join(',');
}

/** MariaDB's position: for each domain, the last sequence number and the server that wrote it. undefined: this is no position. */
export type GtidPosition = ReadonlyMap<string, { readonly server: string; readonly sequence: bigint }>;

export function readGtidPosition(text: string): GtidPosition | undefined {
  const found = new Map<string, { server: string; sequence: bigint }>();
  for (const part of text.replaceAll(/\s/g, '').split(',')) {
    if (part === '') continue;
    const [, domain, server, sequence] = /^(\d{1,10})-(\d{1,10})-(\d{1,20})$/.exec(part) ?? [];
    if (domain === undefined || server === undefined || sequence === undefined) return undefined;
    const at = { server, sequence: BigInt(sequence) };
    const before = found.get(domain);
    if (!before || before.sequence < at.sequence) found.set(domain, at);
  }
  return found;
}

/** MariaDB's gtid_binlog_state, or positions: the greatest sequence number by `domain-server`. Other parts are ignored. */
export function readGtidState(text: string): ReadonlyMap<string, bigint> {
  const found = new Map<string, bigint>();
  for (const part of text.replaceAll(/\s/g, '').split(',')) {
    const [, writer, sequence] = /^(\d{1,10}-\d{1,10})-(\d{1,20})$/.exec(part) ?? [];
    if (writer === undefined || sequence === undefined) continue;
    const at = BigInt(sequence);
    if (at > (found.get(writer) ?? -1n)) found.set(writer, at);
  }
  return found;
}

export const positionText = (position: GtidPosition): string =>
  [...position].map(([domain, { server, sequence }]) => `${domain}-${server}-${sequence}`).join(',');

/** For each domain the later of several positions; other texts are ignored. */
export const latestPosition = (...positions: readonly string[]): string =>
  positionText(readGtidPosition(positions.filter((one) => readGtidPosition(one)).join(',')) ?? new Map());

/** How many transactions of `ahead` are missing in `behind`, for domains that both have or only `ahead` has. */
export function lacking(ahead: GtidPosition, behind: GtidPosition): number {
  let sum = 0n;
  for (const [domain, { sequence }] of ahead) {
    const own = behind.get(domain)?.sequence ?? 0n;
    if (sequence > own) sum += sequence - own;
  }
  return Number(sum);
}

/** Whether two sets, or two positions, are equal, in whatever form they are written. */
export function sameGtid(one: string, other: string): boolean {
  const [set, otherSet] = [readGtidSet(one), readGtidSet(other)];
  if (set && otherSet) return without(set, otherSet).size === 0 && without(otherSet, set).size === 0;
  const [at, otherAt] = [readGtidPosition(one), readGtidPosition(other)];
  return at !== undefined && otherAt !== undefined && lacking(at, otherAt) === 0 && lacking(otherAt, at) === 0;
}
