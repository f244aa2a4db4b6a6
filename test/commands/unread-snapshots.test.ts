// A host whose LVM gives no answer: `snapshot list` said "no snapshots" of it, and scripts took it for bare.
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { runCli } from '../../src/cli.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reseed-unread-'));
  await writeFile(join(folder, 'hosts.yaml'), 'hosts: { here: { sudo: false, ssh: { transport: local } } }\n');
  vi.stubEnv('XDG_STATE_HOME', folder);
  vi.stubEnv('RESEED_INVENTORY', join(folder, 'hosts.yaml'));
  vi.stubEnv('PATH', `${folder}:${process.env.PATH}`);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

async function program(name: string, text: string): Promise<void> {
  await writeFile(join(folder, name), `#!/bin/sh\n${text}\n`);
  await chmod(join(folder, name), 0o755);
}

async function said(...words: string[]) {
  const texts = { stdout: '', stderr: '' };
  const spies = (['stdout', 'stderr'] as const).map((stream) =>
    vi.spyOn(process[stream], 'write').mockImplementation((text) => {
      texts[stream] += text;
      return true;
    }),
  );
  await runCli(['node', 'reseed', ...words]);
  for (const spy of spies) spy.mockRestore();
  const { exitCode } = process;
  process.exitCode = undefined;
  return { ...texts, exitCode };
}

test('the snapshots of a host whose LVM gave no answer in its time are not known, in words, JSON and exit code', async () => {
  await program('vgs', 'exit 124');
  const list = await said('snapshot', 'list');
  expect(list).toMatchObject({ stdout: 'no snapshots on the hosts that told theirs (0 of 1)\n', exitCode: 4 });
  expect(list.stderr).toContain('here: its snapshots are not known: vgs gave no answer in its time');
  const json = await said('snapshot', 'list', '--json');
  expect(JSON.parse(json.stdout)).toMatchObject({ snapshots: [], unread: [{ host: 'here' }] });
  const hosts = await said('snapshot', 'hosts', '--json');
  expect(JSON.parse(hosts.stdout)).toMatchObject({ hosts: [], unread: [{ host: 'here' }] });
  expect([json.exitCode, hosts.exitCode]).toEqual([4, 4]);
});

test('a host that has no LVM has no snapshots, in the list and in status', async () => {
  await program('vgs', 'exit 127');
  expect(await said('snapshot', 'list')).toMatchObject({ stdout: 'no snapshots\n', exitCode: 0 });
  expect((await said('status')).stdout).toMatch(/SNAPSHOTS[^\n]*\nhere .* – /);
});
