import { expect, test } from 'vitest';
import { withPort } from '../../src/text/address.ts';

test.each([
  ['db1', 'db1:3306'],
  ['10.0.0.7', '10.0.0.7:3306'],
  ['::1', '[::1]:3306'],
  ['fd00::7', '[fd00::7]:3306'],
  ['[fd00::7]', '[fd00::7]:3306'],
])('%s with a port is shown as %s', (host, text) => {
  expect(withPort(host, 3306)).toBe(text);
});
