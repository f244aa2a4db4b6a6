import { expect, test } from 'vitest';
import type { SeedFacts } from '../../src/seed/facts.ts';
import { keyringChecks, keySentences } from '../../src/seed/preflight/data/keyring-checks.ts';
import { side } from './sides.ts';

const donorFacts: Partial<SeedFacts> = {
  plugins: ['file_key_management'],
  encrypted: 2,
  keyDigests: { 1: 'aa', 2: 'bb' },
};
const donor = side('db2', donorFacts);
const told = (facts: Partial<SeedFacts>, from = donor) => {
  const target = side('db3', { plugins: ['file_key_management'], ...facts });
  const sentences = keySentences({ donor: from, targets: [target] });
  return [...keyringChecks(from, target).map(({ level, text }) => `${level} ${text}`), ...sentences];
};
const what = 'db2 has encrypted data (2 tablespaces), keys in file_key_management';

test('a MariaDB target with other keys is refused: its server starts, and can not read these tables', () => {
  expect(told({ keyDigests: { 1: 'aa', 2: 'xx', 3: 'cc' } })).toEqual([
    `refuse ${what}; db3 lacks key 2 of db2, or has another under that number`,
  ]);
  expect(told({ keyDigests: { 1: 'aa' } })[0]).toMatch(/^refuse .* lacks key 2/);
  expect(told({ keyDigests: { 1: 'aa', 2: 'bb', 3: 'cc' } })).toEqual([`pass ${what}; db3 has the same keys`]);
});

test('keys that could not be read are ?, and the name of the target has to be typed', () => {
  const unknown = [
    `unknown ${what}: whether db3 has the same keys is unknown`,
    'db3 may not be able to read encrypted tables of db2: whether it has the same keys is unknown',
  ];
  expect(told({ keyDigests: {} })).toEqual(unknown);
  // The file itself is encrypted: a different file may contain the same keys.
  const encrypted = side('db2', { ...donorFacts, keyDigests: {}, keyFileDigest: 'f1' });
  expect(told({ keyFileDigest: 'f2', keyDigests: {} }, encrypted)).toEqual(unknown);
  expect(told({ keyFileDigest: 'f1', keyDigests: {} }, encrypted)).toEqual([`pass ${what}; db3 has the same keys`]);
});

test.each([['hashicorp_key_management'], ['aws_key_management']])('keys of %s are ?', (plugin) => {
  const from = side('db2', { ...donorFacts, plugins: [plugin] });
  expect(told({ plugins: [plugin], keyDigests: { 1: 'aa', 2: 'bb' } }, from)).toHaveLength(2);
});
