import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { customerRows, orderRows, rowCounts } from '../../src/drill/image/sample-rows.ts';

const digest = (pieces: Iterable<string>) =>
  createHash('sha256')
    .update([...pieces].join(''))
    .digest('hex');

test('the same sample is made every time', () => {
  expect(digest(orderRows(5000, 100))).toBe(digest(orderRows(5000, 100)));
  expect(digest(customerRows(5000))).toBe(digest(customerRows(5000)));
});

test('every row has its table’s columns, its own id, and orders have customers that exist', () => {
  const rows = (pieces: Iterable<string>) =>
    [...pieces]
      .join('')
      .trimEnd()
      .split('\n')
      .map((line) => line.split('\t'));
  const customers = rows(customerRows(300));
  const orders = rows(orderRows(20_000, 300));
  expect(customers.every((row) => row.length === 6)).toBe(true);
  expect(orders.every((row) => row.length === 7)).toBe(true);
  expect(orders.map(([id]) => Number(id))).toEqual(Array.from({ length: 20_000 }, (_, at) => at + 1));
  expect(orders.every(([, customer]) => Number(customer) >= 1 && Number(customer) <= 300)).toBe(true);
});

test('more data has more rows, and the least is never empty', () => {
  expect(rowCounts(1)).toEqual({ customers: 1000, orders: 1000 });
  expect(rowCounts(2e9).orders).toBeGreaterThan(rowCounts(2e8).orders * 9);
});
