// Where a proof of rows is: the next range of a table, how large it is to be, and ranges that are looked at more closely. Kept in the journal after each range, so that another
// runner goes on from there. Pure.
import { z } from 'zod';
import type { Key, Range } from './statements.ts';

const key = z.array(z.string()).readonly();

export const placeSchema = z.strictObject({
  /** The number of the table in the list. */
  table: z.number(),
  /** The last key that was read; absent: none of this table. */
  from: key.optional(),
  /** The end of the next range, if it is known: null is the end of the table. Absent: it is to be asked for. */
  to: key.nullable().optional(),
  /** There once the end of the table came up (last-keys.ts): the keys that come after `to`, the last of which is the end. */
  ends: z.array(key).readonly().optional(),
  /** How many rows the next range is to have. */
  rows: z.number(),
  /** How many the last one of this table had that was not looked at more closely, and how long the slower side read it. */
  took: z.strictObject({ rows: z.number(), ms: z.number() }).optional(),
  /** Ranges that differed as a whole, and are read in smaller ones: the end of each (null: that of the table), and the size to go back to. */
  within: z.array(z.strictObject({ to: key.nullable(), rows: z.number() })),
  /** How many ranges of this table were looked at more closely, and how many of it were found different, or changing. */
  narrowed: z.number(),
  found: z.number(),
  /** A range of it is different, and not only unread. */
  differs: z.literal(true).optional(),
  /** Of this table: equal rows, ranges, and how long each side read, in milliseconds. */
  read: z.strictObject({ rows: z.number(), ranges: z.number(), sourceMs: z.number(), replicaMs: z.number() }),
});
export type Place = z.infer<typeof placeSchema>;

const firstRows = 1000;
const maxRows = 1_000_000;
/** Fewer are not faster: on a busy host a statement of any size takes its second. */
const leastRows = 100;
/** A server reads for about this long at a time. */
const targetMs = 500;
/** A range that differs is read again in parts of this size. */
const parts = 8;
/** Of one table; then ranges are told as they are. */
const maxNarrowed = 40;

export const placeAt = (table: number): Place => ({
  table,
  rows: firstRows,
  within: [],
  narrowed: 0,
  found: 0,
  read: { rows: 0, ranges: 0, sourceMs: 0, replicaMs: 0 },
});

/** Nothing of the table was read yet, in whatever size. */
export const isUntouched = ({ from, within, rows }: Place): boolean =>
  from === undefined && within.length === 0 && rows === firstRows;

/** The end that a range may not pass; undefined: that of the table. */
export const endOf = ({ within }: Pick<Place, 'within'>): Key | undefined => within.at(-1)?.to ?? undefined;

/** Whether the next range, where its end is known, is followed by no other that a server has to tell. */
export const isLastRange = ({ to, ends, within }: Place): boolean =>
  to === null || (ends !== undefined && within.length === 0) || isSame(to, endOf({ within }));

/** The end of the table came up, with these last keys (last-keys.ts). */
export const endingAt = (place: Place, [to, ...ends]: readonly Key[]): Place => ({ ...place, to: to ?? null, ends });

/** The range that is read next, where its end is known. */
export const rangeOf = ({ from, to }: Place): Range => ({ ...(from && { from }), ...(to && { to }) });

/** From where the range after the next begins, and up to where it may go. */
export const rangeAfter = (place: Place): Range => {
  const to = endOf(place);
  return { ...(place.to && { from: place.to }), ...(to && { to }) };
};

/** How many rows the next range is to have, by how long the slower side read so many. */
export function nextRows(place: Pick<Place, 'rows' | 'within' | 'took'>, read: number, ms: number): Partial<Place> {
  const { rows, within } = place;
  // The last range of a table has few rows, and within another the size is chosen.
  if (within.length > 0 || read < rows / 2) return { rows };
  const factor = Math.min(4, Math.max(0.25, targetMs / Math.max(workMs(place, read, ms), 1)));
  const next = Math.round(Math.min(maxRows, Math.max(Math.min(rows, leastRows), rows * factor)));
  return { rows: next, took: { rows: read, ms } };
}

/** What the rows took of a reading, without what any statement takes there: by the reading before, of another size. */
function workMs({ took }: Pick<Place, 'took'>, read: number, ms: number): number {
  if (!took || took.rows === read) return ms;
  const each = (ms - took.ms) / (read - took.rows);
  return Math.min(ms, each > 0 ? each * read : targetMs / 2);
}

/** After a range was read, and needs no more; undefined: the table is over. `bound`: the end of the next range, where it was asked for. */
export function placeAfter(place: Place, next: Partial<Place>, bound: Key | null | undefined): Place | undefined {
  const { to, within } = place;
  const over = within.at(-1);
  if (over && isSame(to, over.to)) {
    const outer = { ...place, within: within.slice(0, -1), rows: over.rows };
    return placeAfter(outer, { rows: over.rows }, undefined);
  }
  if (to === null || to === undefined) return undefined;
  const { to: _, ...rest } = place;
  if (place.ends && !over) {
    const [end, ...ends] = place.ends;
    return end && { ...rest, ...next, from: to, to: end, ends };
  }
  // No row behind it: up to the end of what it is in.
  const end = bound === null ? (over?.to ?? null) : bound;
  return { ...rest, ...next, from: to, ...(end !== undefined && { to: end }) };
}

const isSame = (one: Key | null | undefined, other: Key | null | undefined) =>
  JSON.stringify(one) === JSON.stringify(other);

export const mayNarrow = ({ narrowed: count }: Place): boolean => count < maxNarrowed;

/** Reads the range that was just read in smaller ones; undefined: it is small enough, or the table had enough of that. `rows`: those of the larger side. */
export function narrowed(place: Place, rows: number): Place | undefined {
  const { to = null, within, narrowed: count } = place;
  // Without an end, rows may come as fast as its parts are read.
  if (rows <= 1 || to === null || !mayNarrow(place)) return undefined;
  const { to: _, ...rest } = place;
  return { ...rest, rows: Math.ceil(rows / parts), within: [...within, { to, rows: place.rows }], narrowed: count + 1 };
}

/** The same range with fewer rows, for one that took too long; undefined: it has one row. */
export function smaller(place: Place): Place | undefined {
  if (place.rows <= 1) return undefined;
  const { to, ...rest } = place;
  const rows = Math.max(1, Math.floor(place.rows / 4));
  // The end of the table is not asked for again.
  const isEnd = to && place.ends && place.within.length === 0;
  return { ...rest, rows, ...(isEnd && { within: [{ to, rows: place.rows }] }) };
}
