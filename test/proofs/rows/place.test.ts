// The ranges of a table, as a proof of rows goes through them, without servers: `rows` are the keys that the source has.
import { describe, expect, test } from 'vitest';
import { doneBytes } from '../../../src/proofs/rows/ledger.ts';
import { endOf, narrowed, nextRows, type Place, placeAfter, placeAt, smaller } from '../../../src/proofs/rows/place.ts';

/** Where a range ends, of a source with the keys 1 to `last`. */
const keyAt = (key: Place['to'], otherwise: number): number => (key ? Number(key[0]) : otherwise);

/** The end of the next range, as such a source tells it. */
function bound(place: Place, last: number): Place {
  if (place.to !== undefined) return place;
  const end = endOf(place);
  const to = keyAt(place.from, 0) + place.rows;
  return { ...place, to: to <= Math.min(last, keyAt(end, last)) ? [String(to)] : (end ?? null) };
}

/** All ranges of a table until it is over. */
function walk(begin: Place, last: number, differs: (from: number, to: number) => boolean) {
  const ranges: string[] = [];
  let place: Place | undefined = begin;
  for (let steps = 0; place && steps < 500; steps++) {
    const now: Place = bound(place, last);
    const [from, to] = [keyAt(now.from, 0), keyAt(now.to, last)];
    const isOther = differs(from, to);
    const closer: Place | undefined = isOther ? narrowed(now, to - from) : undefined;
    if (!closer) ranges.push(`${isOther ? '!' : ''}${from}-${now.to ? to : 'end'}`);
    place = closer ?? placeAfter(now, {}, undefined);
  }
  return ranges;
}

describe('the ranges of a table', () => {
  test('follow each other without a gap, and the last one has no end', () => {
    expect(walk({ ...placeAt(0), rows: 4 }, 10, () => false)).toEqual(['0-4', '4-8', '8-end']);
    expect(walk({ ...placeAt(0), rows: 5 }, 10, () => false)).toEqual(['0-5', '5-10', '10-end']);
    expect(walk({ ...placeAt(0), rows: 5 }, 0, () => false)).toEqual(['0-end']);
  });

  test('are smaller where one differs, until the row is found, and have their size again behind it', () => {
    const ranges = walk({ ...placeAt(0), rows: 64 }, 200, (from, to) => from < 70 && 70 <= to);
    expect(ranges.filter((one) => one.startsWith('!'))).toEqual(['!69-70']);
    expect(ranges[0]).toBe('0-64');
    expect(ranges.slice(-2)).toEqual(['128-192', '192-end']);
    const covered = ranges.map((one) => one.replace('!', '').split('-'));
    for (const [at, [from]] of covered.entries()) expect(from).toBe(at === 0 ? '0' : covered[at - 1]?.[1]);
  });

  test('are not made smaller without an end where all of the table differs', () => {
    const ranges = walk({ ...placeAt(0), rows: 1000 }, 20_000, () => true);
    expect(ranges.length).toBeLessThan(300);
    expect(ranges.at(-1)).toMatch(/-end$/);
  });
});

test('ranges grow to half a second of reading, and shrink, but not by the last few rows of a table', () => {
  expect(nextRows({ rows: 1000, within: [] }, 1000, 5)).toMatchObject({ rows: 4000 });
  expect(nextRows({ rows: 1000, within: [] }, 1000, 250)).toMatchObject({ rows: 2000 });
  expect(nextRows({ rows: 1000, within: [] }, 1000, 4000)).toMatchObject({ rows: 250 });
  expect(nextRows({ rows: 1000, within: [] }, 3, 1)).toEqual({ rows: 1000 });
  expect(nextRows({ rows: 900_000, within: [] }, 900_000, 100)).toMatchObject({ rows: 1_000_000 });
});

/** The sizes of ranges of a table without an end, which a host reads so. */
function sizes(count: number, msOf: (rows: number) => number): number[] {
  let place: Place = { ...placeAt(0), to: ['1'] };
  return Array.from({ length: count }, () => {
    const { rows } = place;
    place = { ...place, ...nextRows(place, rows, msOf(rows)) };
    return rows;
  });
}

test('ranges do not shrink where a busy host takes seconds for a statement of any size: rows came faster than three were read', () => {
  expect(Math.min(...sizes(50, () => 900))).toBeGreaterThanOrEqual(100);
  // A second of each statement, and 0.01 ms of each row: half a second of work are 50,000 rows.
  const grown = sizes(40, (rows) => 1000 + rows / 100);
  expect(grown.at(-1)).toBeGreaterThan(20_000);
  expect(grown.at(-1)).toBeLessThan(200_000);
  // Large rows: 10 ms each.
  expect(sizes(20, (rows) => rows * 10).at(-1)).toBe(100);
});

test('a range that takes too long is read with fewer rows, down to one', () => {
  const place = { ...placeAt(0), rows: 1000, to: null };
  expect(smaller(place)).toEqual({ ...placeAt(0), rows: 250 });
  expect(smaller({ ...placeAt(0), rows: 1 })).toBeUndefined();
});

test('the bytes that are done are never those of a whole table before its end: the server may estimate fewer rows than it has', () => {
  const tables = { compare: [['64', '61', 100, 1000] as const, ['64', '62', 748, 4000] as const] } as never;
  const compared = {} as never;
  const at = (rows: number): Place => ({ ...placeAt(1), read: { ...placeAt(1).read, rows } });
  expect(doneBytes({ place: at(374), compared }, tables)).toBe(3000);
  expect(doneBytes({ place: at(2000), compared }, tables)).toBe(4960);
  expect(doneBytes({ compared }, tables)).toBe(5000);
});
