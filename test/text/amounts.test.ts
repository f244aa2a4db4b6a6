import { expect, test } from 'vitest';
import { bandwidth } from '../../src/inventory/values.ts';
import { bytesIn, shortSize } from '../../src/text/amounts.ts';

test.each([
  ['20M', 20 * 2 ** 20],
  ['1.5G', 1.5 * 2 ** 30],
  ['512MiB', 512 * 2 ** 20],
  ['64k', 64 * 2 ** 10],
  ['2Ti', 2 * 2 ** 40],
])('%s is %d bytes: for the command line, the console and the inventory alike', (text, bytes) => {
  expect(bytesIn(text)).toBe(bytes);
  expect(bandwidth(text)).toEqual({ value: bytes });
});

test.each(['', '0M', '-5M', '5 apples', 'M', '1e9', '20', '20MB', '20B'])("'%s' is no size", (text) => {
  expect(bytesIn(text)).toBeUndefined();
});

test.each(['20M', '1.5G', '512M', '64K', '3.0T'])('%s is shown as it was typed', (text) => {
  expect(shortSize(bytesIn(text) ?? 0)).toBe(text);
});
