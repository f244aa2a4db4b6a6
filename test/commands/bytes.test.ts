import { expect, test } from 'vitest';
import { readBytes } from '../../src/commands/bytes.ts';

test.each([
  ['200M', 200e6],
  ['1.5G', 1.5e9],
  ['512MiB', 512 * 2 ** 20],
  ['64k', 64e3],
  ['1000', 1000],
])('%s is %d bytes', (word, bytes) => {
  expect(readBytes(word)).toBe(bytes);
});

test.each(['', '0', '-5M', '5 apples', 'M', '1e9', '5Z'])("'%s' is refused, with how to write a size", (word) => {
  expect(() => readBytes(word)).toThrow(`'${word}' is not a size`);
});
