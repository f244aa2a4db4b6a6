import { expect, test } from 'vitest';
import { oddUser, sudoersText } from '../../src/remote/sudoers.ts';

test('the rule has a line for each account, and says plainly that it makes root of them', () => {
  const text = sudoersText(['ops', 'dba']);
  expect(text).toMatch(/^# This makes root of everyone who can log in as ops or dba:/m);
  const rules = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  expect(rules).toEqual([
    'Defaults:ops !requiretty',
    expect.stringMatching(/^ops ALL=\(root\) NOPASSWD: EXEC: NOLOG_INPUT: NOLOG_OUTPUT: \/bin\/sh -c .* reseed$/),
    'Defaults:dba !requiretty',
    expect.stringMatching(/^dba ALL=\(root\) NOPASSWD: EXEC: NOLOG_INPUT: NOLOG_OUTPUT: \/bin\/sh -c .* reseed$/),
  ]);
});

test.each(['ALL', 'DBA', '%wheel', '#0', '+net', '', 'a b', 'ops ALL=(ALL) NOPASSWD: ALL #', 'a\nb', '-x'])(
  'what sudoers would take for something else is no account: %j',
  (user) => {
    expect(oddUser(user)).toBeDefined();
  },
);

test.each(['ops', 'db.admin', 'svc-reseed', 'ops@corp.example', 'CORP\\ops', 'müller', 'host$'])(
  'an account: %s',
  (user) => {
    expect(oddUser(user)).toBeUndefined();
  },
);
