// The answer of --json if nothing was done: one object on stdout, for every reason.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { runCli } from '../../src/cli.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reseed-json-'));
  const port = await closedPort();
  const host = (name: string, address: string) =>
    `  ${name}: { ssh: { host: ${address}, port: ${port}, user: ops, transport: ssh2, knownHosts: ${folder}/known } }\n`;
  await writeFile(join(folder, 'hosts.yaml'), `hosts:\n${host('db2', '127.0.0.1')}${host('db4', '127.0.0.2')}`);
  await writeFile(join(folder, 'known'), '');
  vi.stubEnv('XDG_STATE_HOME', folder);
  vi.stubEnv('RESEED_INVENTORY', join(folder, 'hosts.yaml'));
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

/** A port that refuses: a listener had it, and was closed. */
async function closedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const address = server.address();
  await new Promise((closed) => server.close(closed));
  if (typeof address !== 'object' || address === null) throw new Error('no port');
  return address.port;
}

/** What the verb says on stdout and ends with, in this process. */
async function reseed(...words: string[]) {
  const { stdout, exitCode } = await said(...words);
  return { answer: JSON.parse(stdout), exitCode };
}
async function said(...words: string[]) {
  let stdout = '';
  const out = vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    stdout += text;
    return true;
  });
  const err = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  await runCli(['node', 'reseed', ...words]);
  out.mockRestore();
  err.mockRestore();
  const exitCode = process.exitCode;
  process.exitCode = undefined;
  return { stdout, exitCode };
}

test.each([
  ['stop', 'db4'],
  ['snapshot', 'create', 'db4'],
  ['clean', 'db4'],
  ['unlock', 'db4'],
  ['seed', 'db4', 'db2'],
])('%s %s --json of a host that can not be reached is an error in JSON, and no empty answer', async (...words) => {
  const { answer, exitCode } = await reseed(...words, '--json');
  expect(exitCode).toBe(4);
  expect(answer).toMatchObject({ kind: 'error', error: 'unreachable', message: expect.stringContaining('db4') });
});

test('job show --json of a job that is not there, and a host that the inventory has not, are errors without a prefix', async () => {
  expect(await reseed('job', 'show', '9', '--json')).toMatchObject({ answer: { message: 'there is no job 9' } });
  const { answer } = await reseed('seed', 'db2', 'nix', '--json');
  expect(answer).toMatchObject({ kind: 'error', message: expect.stringMatching(/^\/.* has no host 'nix'/) });
});

test.each([
  ['binlog', '--limit', '20M'],
  ['binlog', '--keep-snapshot'],
  ['lvm', '--stopped'],
  ['stopped', '--snapshot', 'nightly'],
])(
  'a seed by %s that is told %s is refused: what it has no use for is not left out without a word',
  async (...words) => {
    const [method, option = '', ...value] = words;
    const { answer, exitCode } = await reseed('seed', 'db4', 'db2', '--method', method, option, ...value, '--json');
    expect(exitCode).toBe(2);
    expect(answer).toMatchObject({ message: `--method ${method} can not be used with ${option}: nothing was done` });
  },
);

test('snapshot list says no snapshots of hosts that told theirs alone', async () => {
  expect(await said('snapshot', 'list')).toEqual({
    stdout: 'no snapshots on the hosts that told theirs (0 of 2)\n',
    exitCode: 4,
  });
});

test('snapshot list --json lists the hosts that were not read', async () => {
  const { answer, exitCode } = await reseed('snapshot', 'list', '--json');
  expect(exitCode).toBe(4);
  expect(answer).toMatchObject({ kind: 'snapshots', snapshots: [], unread: [{ host: 'db2' }, { host: 'db4' }] });
});
