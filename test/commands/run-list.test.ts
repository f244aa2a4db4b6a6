// What reseed run HOST lists, from the inventory alone.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { runCli } from '../../src/cli.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reseed-run-list-'));
});
afterEach(async () => {
  process.exitCode = undefined;
  await rm(folder, { recursive: true });
});

async function listed(commands: string, ...words: string[]): Promise<string> {
  const file = join(folder, 'hosts.yaml');
  await writeFile(file, `hosts: { db1: { ssh: { host: 127.0.0.1 }, commands: ${commands} } }\n`);
  let said = '';
  const spy = vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    said += text;
    return true;
  });
  await runCli(['node', 'reseed', 'run', 'db1', '--inventory', file, ...words]);
  spy.mockRestore();
  return said;
}

const ofSteps =
  '{ createSnapshot: /opt/snap, receive: /opt/take, datadir: /opt/dir, seed: /opt/seed, afterCopy: /opt/fix }';

test('commands in place of steps are listed, where none is run by its name', async () => {
  const lines = (await listed(ofSteps)).split('\n').map((line) => line.split(/ {2,}/));
  expect(lines).toEqual([
    ['the inventory has no commands for db1 that are run by their name'],
    [''],
    ['in a step', 'what for', 'runs'],
    ['createSnapshot', 'run instead of lvcreate, while reseed blocks writes', '/opt/snap, as root'],
    [
      'receive',
      "run instead of the target's side of the copy, with --method custom (refused without insecure: true)",
      '/opt/take, as root',
    ],
    [
      'datadir',
      'asked for the datadir where reseed does not find it, and to compare it with what the server says',
      '/opt/dir, as root',
    ],
    ['seed', 'not run yet', '/opt/seed, as root'],
    ['afterCopy', 'run after the copy and before the start of the server', '/opt/fix, as root'],
    [''],
  ]);
});

test('commands in place of steps come below those that are run by their name, and are in the JSON', async () => {
  expect(await listed('{ pin: /opt/pin, send: /opt/send }')).toMatch(/^command .*\npin .*\n\nin a step .*\nsend /);
  expect(JSON.parse(await listed('{ pin: /opt/pin, send: /opt/send }', '--json'))).toMatchObject({
    commands: [{ name: 'pin' }],
    steps: [{ name: 'send', insteadOf: "run instead of the donor's side of the copy, with --method custom" }],
  });
});
