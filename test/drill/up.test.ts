// With how much sample data a fleet is brought up.
import { expect, test } from 'vitest';
import { dataBytesOf } from '../../src/drill/up.ts';

test('a host that is brought up beside a fleet of 20 MB gets its size; only another size that was given is refused', () => {
  const fleet = { dataBytes: 20e6 };
  expect(dataBytesOf(fleet, undefined)).toBe(20e6);
  expect(dataBytesOf(fleet, 20e6)).toBe(20e6);
  expect(() => dataBytesOf(fleet, 1e9)).toThrow('the fleet is up with 20M of sample data, not 1.0G');
  expect(dataBytesOf(undefined, 1e9)).toBe(1e9);
  expect(dataBytesOf(undefined, undefined)).toBe(200e6);
});
