// What a proof of rows found: its result, and the words for it. Pure.
import { z } from 'zod';
import { shortDuration } from '../../text/amounts.ts';
import { stepDuration } from '../../text/times.ts';

const foundSchema = z.strictObject({
  table: z.string(),
  /** `after id 4, up to id 5`; absent: the table as a whole. */
  range: z.string().optional(),
  why: z.string(),
});
export type Found = z.infer<typeof foundSchema>;

/** The first ones are kept: a report is read by people. */
const maxKept = 100;

export const comparedSchema = z.strictObject({
  /** Tables of which every range is equal, those of which a range differs, and the others that were read in part or not at all. */
  equalTables: z.number(),
  differingTables: z.number(),
  unreadTables: z.number(),
  /** In equal ranges. */
  rows: z.number(),
  ranges: z.number(),
  differences: z.array(foundSchema),
  differencesMore: z.number(),
  notCompared: z.array(foundSchema),
  notComparedMore: z.number(),
  /** Left out by filters of replication. */
  leftOut: z.number(),
  /** How long each side read, and how long was waited because of lag or load: milliseconds. */
  sourceMs: z.number(),
  replicaMs: z.number(),
  heldMs: z.number(),
  /** The position of the source at its first reading, and at the last one. */
  firstGtid: z.string(),
  lastGtid: z.string(),
  /** Milliseconds since 1970, by this machine's clock. */
  beganMs: z.number(),
  atMs: z.number(),
});
export type Compared = z.infer<typeof comparedSchema>;

/** The step with that result (compare.ts). */
export const comparedBy = { kind: 'rows-compare', result: comparedSchema } as const;

export const newCompared = (beganMs: number, leftOut: number): Compared => ({
  equalTables: 0,
  differingTables: 0,
  unreadTables: 0,
  rows: 0,
  ranges: 0,
  differences: [],
  differencesMore: 0,
  notCompared: [],
  notComparedMore: 0,
  leftOut,
  sourceMs: 0,
  replicaMs: 0,
  heldMs: 0,
  firstGtid: '',
  lastGtid: '',
  beganMs,
  atMs: beganMs,
});

const kept = (list: readonly Found[], more: number, one: Found) =>
  list.length < maxKept ? { list: [...list, one], more } : { list: [...list], more: more + 1 };

export function withDifference(compared: Compared, one: Found): Compared {
  const { list, more } = kept(compared.differences, compared.differencesMore, one);
  return { ...compared, differences: list, differencesMore: more };
}

export function withUnread(compared: Compared, one: Found): Compared {
  const { list, more } = kept(compared.notCompared, compared.notComparedMore, one);
  return { ...compared, notCompared: list, notComparedMore: more };
}

export const foundText = ({ table, range, why }: Found): string =>
  `${table}${range === undefined ? '' : `, ${range}`}: ${why}`;

export const differencesOf = ({ differences, differencesMore }: Compared): number =>
  differences.length + differencesMore;
export const notComparedOf = ({ notCompared, notComparedMore }: Compared): number =>
  notCompared.length + notComparedMore;

/** `12 tables equal, 3 differ, 1 not compared; 1200000 rows in 40 ranges` */
export function countsText(compared: Compared): string {
  const { equalTables, differingTables, unreadTables, leftOut, rows, ranges } = compared;
  return [
    `${equalTables} tables equal`,
    ...(differingTables > 0 ? [`${differingTables} differ`] : []),
    ...(unreadTables > 0 ? [`${unreadTables} not compared, or in part`] : []),
    ...(leftOut > 0 ? [`${leftOut} not replicated`] : []),
    `${rows} equal rows in ${ranges} ranges`,
  ].join(', ');
}

/** `read 12.3 s on db1 and 13.0 s on db2, waited 2 min for lag and load` */
export function readText({ sourceMs, replicaMs, heldMs }: Compared, source: string, replica: string): string {
  const held = heldMs < 1000 ? '' : `, waited ${shortDuration(heldMs)} because of lag or load`;
  return `read ${stepDuration(sourceMs)} on ${source} and ${stepDuration(replicaMs)} on ${replica}${held}`;
}
