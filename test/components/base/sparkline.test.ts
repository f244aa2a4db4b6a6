import { expect, test } from 'vitest';
import { sparkline } from '../../../components/base/Sparkline.ts';
import { fullLook } from '../../../components/base/theme.ts';

const drawn = (figures: readonly (number | undefined)[], cells: number) => sparkline(figures, cells, fullLook).text;

test('the highest figure is the highest bar, nothing is the lowest', () => {
  expect(drawn([0, 50, 100], 10)).toBe('▁▅█');
  expect(drawn([0, 0], 10)).toBe('▁▁');
  expect(drawn([], 10)).toBe('');
});

test('more figures than cells are put together, and never take more cells', () => {
  expect(drawn([100, 100, 0, 0], 2)).toBe('█▁');
  for (const count of [1, 7, 60, 241]) expect(drawn(Array(count).fill(3), 12).length).toBeLessThanOrEqual(12);
});

test('in ASCII it is ASCII', () => {
  expect(sparkline([0, 100], 10, { ...fullLook, unicode: false }).text).toBe('_#');
});

test('what is not known is a gap, not the lowest bar; a group has the figures that it knows', () => {
  expect(drawn([0, undefined, 100], 10)).toBe('▁ █');
  expect(drawn([undefined, undefined], 10)).toBe('  ');
  expect(drawn([undefined, 100, undefined, undefined], 2)).toBe('█ ');
});
