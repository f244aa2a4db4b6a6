// What reseed check finds on this machine, before the night of a job.
import { expect, test } from 'vitest';
import { ownTroubles } from '../../src/operations/hosts/own-programs.ts';
import { inventoryOf } from '../inventory/reading.ts';

const told = async (settings: string) => {
  const { hosts } = inventoryOf(`defaults:\n${settings}\nhosts: { db1: {}, db2: {} }\n`);
  return (await ownTroubles(hosts)).map(({ what, why }) => `${what}: ${why}`);
};

test('a hook whose program is not there is named once, for all of its hosts', async () => {
  expect(await told('  hooks: { drain: { at: before-stop, run: [/nonexistent/x, /dev/null] } }')).toEqual([
    'hook drain: /nonexistent/x: there is no such file',
  ]);
  expect(await told('  hooks: { drain: { at: before-stop, run: [/bin/true, out] } }')).toEqual([]);
});

test('a hook on a host is not looked for here', async () => {
  expect(await told('  hooks: { drain: { at: before-stop, run: [/nonexistent/x], on: target } }')).toEqual([]);
});

test('a line of a command that no shell reads is named, and nothing of it is run', async () => {
  expect((await told(`  commands: { f: "touch /tmp/never; echo 'unclosed" }`))[0]).toMatch(
    /^commands\.f: no shell reads it: line 1: unexpected EOF/,
  );
  expect(await told('  commands: { f: "echo $(date) | cat" }')).toEqual([]);
});
