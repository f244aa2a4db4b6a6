// Unusual accounts and names.
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { onHost, printedOn, reseed, reseedWords } from './fleet.ts';
import { usesHosts } from './uses.ts';

usesHosts('db1', 'db2', 'db6');

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reseed-odd-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** A verb of reseed as it is used on the fleet: inside its network. */
const inside = (...words: string[]) => reseed(['drill', 'exec', '--', ...reseedWords, ...words]);

interface Told {
  readonly host: string;
  readonly server: string;
  readonly role: string;
}
async function told(...words: string[]): Promise<Told[]> {
  const { stdout, stderr } = await inside('status', ...words, '--json');
  if (stdout === '') throw new Error(stderr);
  return JSON.parse(stdout).hosts;
}

test('an account whose rc files print, and whose login shell is another one, is heard as any other', async () => {
  const noise = 'echo "Welcome to db2"; echo "unset LANG?" >&2; printf "\\033]0;title\\007"';
  await printedOn('db2', `printf '%s\\n' '${noise}' >.bashrc`);
  const loud = await told('db2');
  await printedOn('db2', 'sudo -n usermod -s /bin/dash ops');
  const dash = await told('db2');
  await onHost('db2', 'sudo -n usermod -s /bin/bash ops; rm .bashrc');
  for (const [db2] of [loud, dash]) expect(db2).toMatchObject({ host: 'db2', server: 'up', role: 'replica' });
});

test('a host whose name holds blanks, quotes and $(touch x) is a host like any other, and nothing of it is run', async () => {
  const name = `it's "db1" $(touch reseed-odd) ; touch reseed-odd`;
  const sample = await readFile('hosts.yaml', 'utf8');
  const file = join(folder, 'hosts.yaml');
  await writeFile(file, sample.replace('\n  db1: # primary', `\n  ${JSON.stringify(name)}:`));
  const [odd] = await told(name, '--inventory', file);
  expect(odd).toMatchObject({ host: name, server: 'up', role: 'primary' });
  const log = await inside('log', name, '-n', '3', '--inventory', file);
  expect(log.exitCode).toBe(0);
  expect((await onHost('db1', 'ls -a')).stdout).not.toContain('reseed-odd');
  expect(existsSync('reseed-odd')).toBe(false);
});

test('a host whose name begins with a dash is refused where it is written', async () => {
  const file = join(folder, 'dash.yaml');
  await writeFile(file, 'hosts:\n  -oProxyCommand=touch x: { ssh: { host: 10.77.0.11 } }\n');
  const refused = await inside('status', '--inventory', file);
  expect(refused.exitCode).toBe(2);
  expect(refused.stderr).toMatch(/dash\.yaml:2:\d+ /);
});

test('a server that only just starts, and works in / yet, has its datadir where its option files say', async () => {
  const started = 'cp /bin/sleep /tmp/mysqld; cd /; setsid /tmp/mysqld 300 >/dev/null 2>&1 </dev/null & echo $!';
  const pid = await printedOn('db6', started);
  const { stdout } = await inside('seed', 'db2', 'db6', '--dry-run');
  await printedOn('db6', `kill ${pid}; rm /tmp/mysqld; while kill -0 ${pid} 2>/dev/null; do sleep 0.1; done`);
  expect(stdout).toContain('/var/lib/mysql');
  expect(stdout).not.toContain('its datadir is /:');
});
