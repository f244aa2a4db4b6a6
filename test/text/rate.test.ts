import { expect, test } from 'vitest';
import { bytesPerSecondText, msFor, perSecond } from '../../src/text/rate.ts';

test('what is not known is no 0: one sample alone, or two at the same time', () => {
  const at = (atMs: number, amount: number) => ({ atMs, amount });
  expect(perSecond(undefined, at(1000, 5))).toBeUndefined();
  expect(perSecond(at(1000, 5), undefined)).toBeUndefined();
  expect(perSecond(at(1000, 5), at(1000, 9))).toBeUndefined();
  expect(perSecond(at(1000, 5), at(3000, 9))).toBe(2);
  expect(perSecond(at(1000, 9), at(3000, 5))).toBe(-2);
  expect(bytesPerSecondText(undefined)).toBe('?/s');
  expect(bytesPerSecondText(null)).toBe('?/s');
  expect(bytesPerSecondText(412 * 2 ** 20)).toBe('412M/s');
});

test('when it will be there is not known where nothing moves', () => {
  for (const rate of [undefined, 0, -3]) expect(msFor(10, rate)).toBeUndefined();
  expect(msFor(10, 2)).toBe(5000);
  expect(msFor(-10, 2)).toBe(0);
});
