// What a call names that is not there, or that no method has a use for: refused with the code of a wrong call, before any host is asked.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { runCli } from '../../src/cli.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reseed-early-'));
  // Nothing listens there: a host that is asked is unreachable, which is another code.
  const host = (name: string, port: number) => `${name}: { ssh: { host: 127.0.0.1, port: ${port} } }`;
  await writeFile(join(folder, 'hosts.yaml'), `hosts: { ${host('db1', 1)}, ${host('db2', 2)} }\n`);
});
afterEach(async () => {
  process.exitCode = undefined;
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

async function reseed(...words: string[]) {
  vi.stubEnv('RESEED_INVENTORY', join(folder, 'hosts.yaml'));
  let said = '';
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    said += text;
    return true;
  });
  await runCli(['node', 'reseed', ...words]);
  return [process.exitCode, said.trim()];
}

test.each([
  [['import-agent', '/nope'], 'reseed: /nope does not exist'],
  [
    ['seed', 'db1', 'db2', '--method', 'binlog', '--account', '/nope'],
    'reseed: /nope does not exist: nothing was done',
  ],
  [['run', 'db1', 'start'], /commands.start is not a command to run by itself.*reseed start db1$/s],
  [
    ['seed', 'db1', 'db2', '--inject-empty'],
    /of no use to the methods of db2 \(lvm: --inject-empty\).*leave it out, or name a method that has a use for it: --method .*binlog/s,
  ],
])('%j', async (words, said) => {
  expect(await reseed(...words)).toEqual([2, typeof said === 'string' ? said : expect.stringMatching(said)]);
});
