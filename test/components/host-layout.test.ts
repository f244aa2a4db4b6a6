import fc from 'fast-check';
import { expect, test } from 'vitest';
import { areas, shared } from '../../components/screens/host/layout.ts';

test('the pane in focus has what it wants, the others share the rest', () => {
  const panes = [11, 4, 6, 3].map((lines) => ({ lines, least: 1 }));
  expect(shared(panes, 0, 14)).toEqual([11, 1, 1, 1]);
  expect(shared(panes, -1, 10)).toEqual([3, 3, 2, 2]);
  expect(shared(panes, -1, 100)).toEqual([11, 4, 6, 3]);
});

test('whatever the panes want, they never have more lines than there are', () => {
  const pane = fc.record({ lines: fc.integer({ min: 1, max: 50 }), least: fc.constant(1) });
  fc.assert(
    fc.property(
      fc.array(pane, { maxLength: 6 }),
      fc.integer({ min: -1, max: 5 }),
      fc.nat({ max: 80 }),
      (panes, at, height) => {
        const heights = shared(panes, at < panes.length ? at : -1, height);
        expect(heights.reduce((sum, lines) => sum + lines, 0)).toBeLessThanOrEqual(height);
        for (const [index, lines] of heights.entries()) {
          expect(lines).toBeGreaterThanOrEqual(0);
          expect(lines).toBeLessThanOrEqual(panes[index]?.lines ?? 0);
        }
      },
    ),
  );
});

test('facts and log together fill the screen, and the log is always seen', () => {
  fc.assert(
    fc.property(
      fc.nat({ max: 100 }),
      fc.nat({ max: 60 }),
      fc.boolean(),
      fc.constantFrom(1, 2),
      (height, facts, focused, columns) => {
        const { factLines, logLines } = areas(columns, height, facts, focused);
        expect(factLines + logLines).toBe(height);
        expect(logLines).toBeGreaterThanOrEqual(height > 7 ? 3 : 0);
      },
    ),
  );
});
