import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  betweenEdges,
  displayWidth,
  fitSpans,
  spansWidth,
  truncate,
  truncateMiddle,
  truncateSpans,
} from '../../../components/base/width.ts';

/** Text of hosts: clean, but in any script. */
const text = fc.string({ unit: 'grapheme', maxLength: 30 });
const spans = fc.array(
  text.map((piece) => ({ text: piece })),
  { maxLength: 6 },
);
const cells = fc.integer({ min: 0, max: 40 });

test('nothing that is cut is wider than it may be, whatever its characters', () => {
  fc.assert(
    fc.property(text, cells, (piece, width) => {
      expect(displayWidth(truncate(piece, width, '…'))).toBeLessThanOrEqual(width);
      expect(displayWidth(truncateMiddle(piece, width, '…'))).toBeLessThanOrEqual(width);
    }),
  );
});

test('a line is filled or cut to exactly its width, but for half of a wide character', () => {
  fc.assert(
    fc.property(spans, cells, (line, width) => {
      expect(spansWidth(truncateSpans(line, width, '…'))).toBeLessThanOrEqual(width);
      expect(spansWidth(fitSpans(line, width, '…'))).toBe(width);
      expect(spansWidth(betweenEdges(line, line, width, '…'))).toBeLessThanOrEqual(width);
    }),
  );
});

test('what has room is not touched, and what is cut says so', () => {
  expect(truncate('db1', 3, '…')).toBe('db1');
  expect(truncate('db10', 3, '…')).toBe('db…');
  expect(truncate('日本語', 4, '…')).toBe('日…');
  expect(truncateMiddle('db-shop-ams-01', 9, '…')).toBe('db-s…s-01');
  expect(truncateSpans([{ text: 'ab' }, { text: 'cd' }], 2, '…')).toEqual([{ text: 'a…' }]);
});
