// The ranges of a table, as a proof of rows goes through them, without servers: `rows` are the keys that the source has.
import { describe, expect, test } from 'vitest';
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
    place = closer ?? placeAfter(now, now.rows, undefined);
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
  expect(nextRows({ rows: 1000, within: [] }, 1000, 5)).toBe(4000);
  expect(nextRows({ rows: 1000, within: [] }, 1000, 250)).toBe(2000);
  expect(nextRows({ rows: 1000, within: [] }, 1000, 4000)).toBe(250);
  expect(nextRows({ rows: 1000, within: [] }, 3, 1)).toBe(1000);
  expect(nextRows({ rows: 900_000, within: [] }, 900_000, 100)).toBe(1_000_000);
});

test('a range that takes too long is read with fewer rows, down to one', () => {
  const place = { ...placeAt(0), rows: 1000, to: null };
  expect(smaller(place)).toEqual({ ...placeAt(0), rows: 250 });
  expect(smaller({ ...placeAt(0), rows: 1 })).toBeUndefined();
});
