import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bar } from '../../../components/base/Bar.ts';
import { fullLook } from '../../../components/base/theme.ts';
import { moved, topFor } from '../../../components/base/Viewport.tsx';
import { displayWidth } from '../../../components/base/width.ts';

test('the line under the cursor is always in the window, and the window never past the end', () => {
  const list = fc.record({ count: fc.integer({ min: 1, max: 50 }), height: fc.integer({ min: 1, max: 20 }) });
  fc.assert(
    fc.property(list, fc.nat(), fc.nat(60), ({ count, height }, at, before) => {
      const selected = at % count;
      const top = topFor(selected, before, height, count);
      expect(top).toBeLessThanOrEqual(selected);
      expect(selected).toBeLessThan(top + height);
      expect(top + Math.min(height, count)).toBeLessThanOrEqual(count);
    }),
  );
});

test('the window does not move while the cursor moves inside it', () => {
  expect(topFor(12, 10, 5, 100)).toBe(10);
  expect(topFor(15, 10, 5, 100)).toBe(11);
  expect(topFor(9, 10, 5, 100)).toBe(9);
});

test('the cursor stops at the ends, and is nowhere where there is no line', () => {
  expect(moved(0, 'up', 5, 10)).toBe(0);
  expect(moved(4, 'pageDown', 5, 10)).toBe(4);
  expect(moved(0, 'down', 0, 10)).toBe(-1);
});

test('a bar is as long as it has to be, and full only when it is', () => {
  expect(bar(71, 10, fullLook).text).toBe('███████░░░');
  expect(bar(97, 10, { ...fullLook, unicode: false }).text).toBe('#########=');
  expect(bar(undefined, 4, fullLook).text).toBe('    ');
  for (const percent of [0, 3, 50, 99.9, 100, 140]) expect(displayWidth(bar(percent, 7, fullLook).text)).toBe(7);
});
