import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Json } from '../../../src/job/plan/plan.ts';
import { difference, patched } from '../../../src/operations/recording/difference.ts';

/** JSON has no -0. */
const json = fc.jsonValue({ maxDepth: 4 }).map((value) => JSON.parse(JSON.stringify(value)) as Json);

describe('what is recorded of a change gives the later picture again', () => {
  test('of any two values', () => {
    fc.assert(
      fc.property(json, json, (before, after) => {
        const change = difference(before, after);
        const wire = change && JSON.parse(JSON.stringify(change));
        expect(change === undefined ? before : patched(before, wire)).toEqual(after);
      }),
    );
  });

  test('of lists with some items put in, taken out or changed', () => {
    const list = fc.array(fc.record({ text: fc.constantFrom('a', 'b', 'c'), at: fc.nat(3) }), { maxLength: 6 });
    fc.assert(
      fc.property(list, list, list, list, (one, two, three, other) => {
        const [before, after] = [
          [...one, ...two, ...three],
          [...one, ...other, ...three],
        ];
        const change = difference(before, after);
        expect(change === undefined ? before : patched(before, change)).toEqual(after);
      }),
    );
  });
});

test('a log of two hundred lines that grew by one costs that line', () => {
  const lines = Array.from({ length: 200 }, (_, at) => ({ text: `line ${at}`, severity: 'note' }));
  const change = difference(lines, [...lines.slice(1), { text: 'the new one', severity: 'error' }]);
  expect(change).toEqual({ past: 1, put: [{ text: 'the new one', severity: 'error' }] });
});

test('a new job before two hundred others costs that job', () => {
  const jobs = Array.from({ length: 200 }, (_, at) => ({ id: 200 - at, title: `job ${at}` }));
  expect(difference(jobs, [{ id: 201, title: 'new' }, ...jobs])).toEqual({
    from: 0,
    drop: 0,
    put: [{ id: 201, title: 'new' }],
  });
});

test('what did not change stays the same object, so that its part of the screen is not drawn again', () => {
  const before = { one: { is: [1, 2] }, other: { is: 3 } };
  const change = difference(before, { one: { is: [1, 2] }, other: { is: 4 } });
  const after = patched(before, change ?? { is: null }) as typeof before;
  expect(after.one).toBe(before.one);
});

test('a host called __proto__ is a key as any other', () => {
  const before = JSON.parse('{"lost": {}}') as Json;
  const after = JSON.parse('{"lost": {"__proto__": "no room"}}') as Json;
  const change = difference(before, after);
  const wire = JSON.parse(JSON.stringify(change));
  expect(JSON.stringify(patched(before, wire))).toBe('{"lost":{"__proto__":"no room"}}');
});

test('a difference of another picture is refused', () => {
  expect(() => patched([1], { in: { a: { is: 1 } } })).toThrow(/there is none/);
  expect(() => patched({ a: 1 }, { past: 1, put: [] })).toThrow(/there is none/);
  expect(() =>
    patched([], {
      at: [
        [3, { is: 1 }],
        [4, { in: {} }],
      ],
    }),
  ).toThrow(/there is none/);
});
