// The rule that reseed sudoers prints, read by a real visudo and applied by a real sudo, for an account without another
// rule.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sudoersFile } from '../../src/remote/sudoers.ts';
import { onHost, printedOn, reseed, reseedWords } from './fleet.ts';
import { usesHosts } from './uses.ts';

usesHosts('db2');

const user = 'reseed-dba';
let folder: string;
let inventory: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reseed-sudoers-'));
  inventory = join(folder, 'hosts.yaml');
  await writeFile(inventory, (await readFile('hosts.yaml', 'utf8')).replace('user: ops', `user: ${user}`));
  await printedOn(
    'db2',
    `sudo sh -c 'useradd --create-home --shell /bin/bash ${user} && cp -r ~ops/.ssh ~${user}/ && chown -R ${user}: ~${user}'`,
  );
});
afterAll(async () => {
  await printedOn(
    'db2',
    `sudo sh -c 'rm -f ${sudoersFile} reseed.sudoers; userdel --remove --force ${user}' 2>/dev/null`,
  );
  await rm(folder, { recursive: true });
});

/** What reseed check finds of sudo on db2, logging in as the new account. */
async function sudoFinding(): Promise<{ verdict: string; detail: string; advice: string }> {
  const done = await reseed([
    'drill',
    'exec',
    '--',
    ...reseedWords,
    'check',
    'db2',
    '--inventory',
    inventory,
    '--json',
  ]);
  return JSON.parse(done.stdout).hosts[0].findings.sudo;
}

/** Runs a command line on db2 as the new account would. */
const asUser = (line: string) => onHost('db2', `sudo -u ${user} ${line}`);

test('without the rule sudo refuses, and check says which command prints it', async () => {
  const { verdict, advice } = await sudoFinding();
  expect(verdict).toBe('no');
  expect(advice).toContain('reseed sudoers');
});

test('with it, installed as its own text says, reseed is root there; and nothing else may be', async () => {
  const { stdout } = await reseed(['sudoers', '--inventory', inventory]);
  const install = /^#\s+(visudo .*)$/m.exec(stdout)?.[1] ?? 'false';
  await printedOn('db2', `cat >reseed.sudoers <<'end'\n${stdout}\nend\nsudo sh -c '${install}'`);
  expect(await sudoFinding()).toMatchObject({ verdict: 'yes', detail: 'root' });
  for (const line of ['sudo -n id', 'sudo -n /bin/sh -c id', 'sudo -n /bin/sh -c id reseed', 'sudo -n /bin/sh']) {
    const done = await asUser(line);
    expect(done.exitCode, line).toBe(1);
    expect(done.stderr, line).toContain('password is required');
  }
});
