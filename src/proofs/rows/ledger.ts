// What a proof of rows has found so far and where it is, after each range. Pure: a runner that goes on with the job reads it from the journal.
import { z } from 'zod';
import type { JobRecord } from '../../job/journal/record.ts';
import { stepOf } from '../../job/steps-of.ts';
import { readBound } from './answers.ts';
import type { Definition } from './definition.ts';
import { narrowed, nextRows, type Place, placeAfter, placeAt, placeSchema, rangeOf, smaller } from './place.ts';
import { rangeText } from './range-text.ts';
import { type Compared, comparedBy, comparedSchema, foundText, withDifference, withUnread } from './result.ts';
import type { Key } from './statements.ts';
import type { ListedTables } from './tables.ts';
import type { Verdict } from './verdict.ts';

export const ledgerSchema = z.strictObject({
  /** Absent: all tables are over. */
  place: placeSchema.optional(),
  compared: comparedSchema,
  /** A side has other data by now: what was compared says nothing of it. */
  isVoid: z.literal(true).optional(),
});
export type Ledger = z.infer<typeof ledgerSchema>;

/** What its job has found: at its end, or until now. undefined: nothing was compared, or it says nothing of the present data. */
export function comparedIn(job: JobRecord): Compared | undefined {
  const ledger = ledgerIn(job);
  return stepOf(job, comparedBy)?.result ?? (ledger?.isVoid ? undefined : ledger?.compared);
}

/** Whether a side got other data while it worked. */
export const isVoid = (job: JobRecord): boolean => ledgerIn(job)?.isVoid === true;

function ledgerIn(job: JobRecord): Ledger | undefined {
  const place = stepOf(job, comparedBy)?.record.progress?.place;
  return place === undefined ? undefined : ledgerSchema.safeParse(place).data;
}

export interface Entry {
  readonly ledger: Ledger;
  /** Lines for the log. */
  readonly notes: readonly string[];
}

/** The table that is read, and how many there are. */
export interface Current {
  readonly place: Place;
  /** `shop.orders` */
  readonly table: string;
  readonly count: number;
}

/** A table with so many different ranges is told as that: the rest of it is not read. */
const maxFound = 60;

/** After a range was read. */
export function judged({ compared }: Ledger, at: Current, source: Definition, verdict: Verdict, nowMs: number): Entry {
  const { place, table } = at;
  const { is, why, sourceMs, replicaMs, gtid } = verdict;
  const counted = {
    ...compared,
    sourceMs: compared.sourceMs + sourceMs,
    replicaMs: compared.replicaMs + replicaMs,
    firstGtid: compared.firstGtid || gtid,
    lastGtid: gtid || compared.lastGtid,
    atMs: nowMs,
  };
  const { read } = place;
  const timed = {
    ...place,
    read: { ...read, sourceMs: read.sourceMs + sourceMs, replicaMs: read.replicaMs + replicaMs },
  };
  if (is === 'equal') return afterEqual(counted, { ...at, place: timed }, source, verdict);
  const closer = closerPlace(timed, source, verdict);
  if (closer) return { ledger: { place: closer, compared: counted }, notes: [] };
  const parts = source.key?.parts;
  const one = { table, ...(parts && { range: rangeText(parts, rangeOf(place)) }), why };
  const isDifferent = is === 'different';
  const found = { ...timed, found: place.found + 1, ...(isDifferent && { differs: true as const }) };
  const noted = isDifferent ? withDifference(counted, one) : withUnread(counted, one);
  const notes = [`${isDifferent ? 'DIFFERENT' : 'not compared'}: ${foundText(one)}`];
  if (found.found >= maxFound) {
    const rest = left(
      { compared: noted },
      { ...at, place: found },
      `the rest of it: ${maxFound} ranges of it were told`,
    );
    return { ledger: rest.ledger, notes: [...notes, ...rest.notes] };
  }
  const next = wentOn(noted, { ...at, place: found }, {}, undefined);
  return { ledger: next.ledger, notes: [...notes, ...next.notes] };
}

function afterEqual(compared: Compared, at: Current, source: Definition, verdict: Verdict): Entry {
  const rows = verdict.source?.rows ?? 0;
  const { place } = at;
  const { read } = place;
  const size = nextRows(place, rows, Math.max(verdict.sourceMs, verdict.replicaMs));
  const bound = verdict.first && source.key ? readBound(verdict.first, 'bound', source.key.parts) : undefined;
  return wentOn(
    { ...compared, rows: compared.rows + rows, ranges: compared.ranges + 1 },
    { ...at, place: { ...place, read: { ...read, rows: read.rows + rows, ranges: read.ranges + 1 } } },
    size,
    bound,
  );
}

/** Without a key there are no smaller ranges; what can't be read is not read in parts either. */
function closerPlace(place: Place, { key }: Definition, { is, source }: Verdict): Place | undefined {
  if (!key || is === 'unread') return undefined;
  return is === 'slow' ? smaller(place) : narrowed(place, source?.rows ?? 0);
}

/** `bound`: the end of the next range, where it was asked for. */
function wentOn(compared: Compared, at: Current, next: Partial<Place>, bound: Key | null | undefined): Entry {
  const place = placeAfter(at.place, next, bound);
  return place ? { ledger: { place, compared }, notes: [] } : over(compared, at);
}

/** The table, or what is left of it, is not compared. */
export function left({ compared }: Pick<Ledger, 'compared'>, at: Current, why: string): Entry {
  const one = { table: at.table, why };
  const ended = over(withUnread(compared, one), { ...at, place: { ...at.place, found: at.place.found + 1 } });
  return { ledger: ended.ledger, notes: [`not compared: ${foundText(one)}`, ...ended.notes] };
}

function over(compared: Compared, { place: { table, read, found, differs }, table: text, count }: Current): Entry {
  const isEqual = found === 0;
  const next = table + 1 < count ? { place: placeAt(table + 1) } : {};
  const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`;
  return {
    ledger: {
      ...next,
      compared: {
        ...compared,
        equalTables: compared.equalTables + (isEqual ? 1 : 0),
        differingTables: compared.differingTables + (differs ? 1 : 0),
        unreadTables: compared.unreadTables + (isEqual || differs ? 0 : 1),
      },
    },
    notes: [
      `${text}: ${isEqual ? `equal, ${read.rows} rows` : `${read.rows} of its rows are equal,`} in ${read.ranges} ranges; read ${seconds(read.sourceMs)} on the source, ${seconds(read.replicaMs)} on the replica`,
    ],
  };
}

/** The part of a table that can be done before its end. */
const mostOfOne = 0.99;

/** By the sizes that the server estimates. A table that is not over is not counted whole: an estimate may be of fewer rows. */
export function doneBytes({ place }: Ledger, { compare: tables }: Pick<ListedTables, 'compare'>): number {
  const over = place?.table ?? tables.length;
  const sum = tables.slice(0, over).reduce((all, [, , , bytes]) => all + bytes, 0);
  const [, , rows = 0, bytes = 0] = tables[over] ?? [];
  return sum + (place && rows > 0 ? Math.floor(bytes * Math.min(mostOfOne, place.read.rows / rows)) : 0);
}
