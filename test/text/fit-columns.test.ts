import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fitColumns, type WantedColumn } from '../../src/text/fit-columns.ts';

const step = fc.record({ cells: fc.integer({ min: 0, max: 90 }), worth: fc.integer({ min: 0, max: 100 }) });
const columns = fc
  .array(fc.record({ cuts: fc.boolean(), steps: fc.array(step, { minLength: 1, maxLength: 4 }) }), {
    minLength: 1,
    maxLength: 11,
  })
  .map((some) =>
    some.map(({ cuts, steps }, name): WantedColumn<number> => {
      const cells = steps.map((one) => one.cells).toSorted((one, other) => one - other);
      return { name, cuts, steps: steps.map(({ worth }, at) => ({ worth, cells: cells[at] ?? 0 })) };
    }),
  );
const gap = 2;
const takenBy = (fitted: ReadonlyMap<number, number>) =>
  [...fitted.values()].reduce((sum, cells) => sum + cells, 0) + gap * (fitted.size - 1);
const wholeOf = ({ steps }: WantedColumn<number>) => Math.max(...steps.map(({ cells }) => cells));

test('columns never take more than the screen, and at least one is shown where one fits', () => {
  fc.assert(
    fc.property(columns, fc.integer({ min: 1, max: 240 }), (some, width) => {
      const fitted = fitColumns(some, width, gap);
      if (fitted.size > 0) expect(takenBy(fitted)).toBeLessThanOrEqual(width);
    }),
  );
});

test('no text is cut beside room', () => {
  fc.assert(
    fc.property(columns, fc.integer({ min: 1, max: 240 }), (some, width) => {
      const fitted = fitColumns(some, width, gap);
      const cut = some.filter((one) => one.cuts && (fitted.get(one.name) ?? wholeOf(one)) < wholeOf(one));
      if (cut.length > 0) expect(takenBy(fitted)).toBe(width);
    }),
  );
});

test('a wider screen has every column that a narrower one has', () => {
  fc.assert(
    fc.property(columns, fc.integer({ min: 1, max: 239 }), (some, width) => {
      const [narrow, wide] = [width, width + 1].map((cells) => fitColumns(some, cells, gap));
      for (const name of narrow?.keys() ?? []) expect([...(wide?.keys() ?? [])]).toContain(name);
    }),
  );
});

test('what is worth least is left out, and what is worth most grows first', () => {
  const some: readonly WantedColumn<string>[] = [
    { name: 'HOST', steps: [{ cells: 5, worth: 100 }] },
    { name: 'DC', steps: [{ cells: 3, worth: 10 }] },
    {
      name: 'ALERT',
      cuts: true,
      steps: [
        { cells: 10, worth: 90 },
        { cells: 30, worth: 20 },
      ],
    },
  ];
  const at = (width: number) => [...fitColumns(some, width, gap)].map(([name, cells]) => `${name} ${cells}`).join(', ');
  expect(at(60)).toBe('HOST 5, DC 3, ALERT 30');
  expect(at(37)).toBe('HOST 5, ALERT 30');
  expect(at(20)).toBe('HOST 5, ALERT 13');
  expect(at(12)).toBe('HOST 5');
});
