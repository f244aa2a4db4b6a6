// reseed check and reseed trust.
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { identityFile, knownHostsFile } from '../../src/drill/places.ts';
import { onHost, printedOn, testPlaces, until } from './fleet.ts';
import { folder, reader, sampleInventory } from './operators.ts';
import { usesHosts } from './uses.ts';

usesHosts('db2', 'db3');

const inside = reader.says;

/** The sample inventory with something in it changed. */
async function inventory(change: (text: string) => string = (text) => text): Promise<string> {
  const file = join(folder, 'check', 'hosts.yaml');
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, change(sampleInventory));
  return file;
}

interface Finding {
  readonly verdict: string;
  readonly detail: string;
}
async function findings(host: string, file?: string): Promise<Record<string, Finding>> {
  const { stdout } = await inside('check', host, '--inventory', file ?? (await inventory()), '--json');
  return JSON.parse(stdout).hosts[0].findings;
}

describe('reseed check', () => {
  test('a name that does not resolve is reported before anything is asked of the host', async () => {
    const file = await inventory((text) => text.replace('host: 10.77.0.13', 'host: db3.invalid'));
    const done = await inside('check', 'db3', '--inventory', file);
    expect(done.stdout).toMatch(/^db3 +✖ +– +– +– +– +–$/m);
    expect(done.stdout).toMatch(/^✖ db3 {2}dns: db3\.invalid: .+; /m);
    expect(done.exitCode).toBe(4);
  });

  test('a wrong user is not let in', async () => {
    const { ssh } = await findings('db3', await inventory((text) => text.replace('user: root', 'user: nobody')));
    expect(ssh).toMatchObject({
      verdict: 'no',
      detail: expect.stringContaining('accepts none of the keys here for nobody'),
    });
  });

  test('a refused sudo differs from a failed login', async () => {
    // A shell of root's takes it back: the account can't.
    const back =
      'until [ -e /tmp/sudo-back ]; do sleep 0.2; done; mv /root/ops.sudoers /etc/sudoers.d/ops; rm /tmp/sudo-back';
    await printedOn(
      'db2',
      `sudo -n sh -c 'mv /etc/sudoers.d/ops /root/ops.sudoers; setsid sh -c "${back}" >/dev/null 2>&1 </dev/null &'`,
    );
    const seen = await findings('db2');
    await printedOn('db2', 'touch /tmp/sudo-back');
    expect(seen.ssh?.verdict).toBe('yes');
    expect(seen.sudo?.verdict).toBe('no');
    await until(
      () => findings('db2'),
      ({ sudo }) => sudo?.verdict === 'yes',
    );
  });

  test('an account without sudo sees what is missing without root', async () => {
    const { sudo, tools } = await findings('db2', await inventory((text) => text.replace('sudo: true', 'sudo: false')));
    expect(sudo?.detail).toBe('commands run as ops');
    expect(tools?.detail).toContain('lvcreate');
  });

  test('a refused mysql login differs from a server that is down', async () => {
    await printedOn('db3', `printf '[client]\\nuser=nobody\\npassword=wrong\\n' >/root/wrong.cnf`);
    const file = await inventory((text) =>
      text.replace(
        'ssh: { host: 10.77.0.13 }',
        'ssh: { host: 10.77.0.13 }\n    mysql: { defaultsFile: /root/wrong.cnf }',
      ),
    );
    const { mysql } = await findings('db3', file);
    expect(mysql).toMatchObject({ verdict: 'no', detail: expect.stringContaining('Access denied') });
    await onHost('db3', 'rm /root/wrong.cnf');
  });

  test('mistakes of the inventory are reported all at once, with their places', async () => {
    const file = await inventory((text) => text.replace('port: 2222', 'port: 99999').replace('jump: db4', 'jmp: db4'));
    const done = await inside('check', '--inventory', file);
    expect(done.exitCode).toBe(2);
    expect(done.stderr.trim().split('\n')).toHaveLength(2);
    expect(done.stderr).toMatch(/hosts\.yaml:\d+:\d+ .*99999/);
    expect(done.stderr).toMatch(/hosts\.yaml:\d+:\d+ .*jmp.*jump/);
  });

  test('an unknown host is answered with those there are', async () => {
    const done = await inside('check', 'db9');
    expect(done.exitCode).toBe(2);
    expect(done.stderr).toMatch(/^reseed: \S*hosts\.yaml has no host 'db9'; it has db1, db2, db3, db4, db5, db6$/);
  });
});

describe('reseed trust', () => {
  test('an unknown host key stops before login; trusted by its fingerprint, the host is let be reached', async () => {
    const knownHosts = join(folder, 'known_hosts');
    const file = await inventory((text) => text.replace(/knownHosts: .*/, `knownHosts: ${knownHosts}`));
    const unknown = await findings('db3', file);
    expect(unknown.ssh?.verdict).toBe('no');

    const real = (await printedOn('db3', 'ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub')).split(' ')[1] ?? '';
    const shown = await inside('trust', 'db3', '--inventory', file);
    expect(shown.stdout).toContain(real);
    expect(shown.stdout).toContain('nothing was added');
    expect(shown.exitCode).toBe(3);

    const wrong = await inside('trust', 'db3', '--inventory', file, '--fingerprint', 'SHA256:somethingelse');
    expect(wrong.exitCode).toBe(3);
    const agreed = await inside('trust', 'db3', '--inventory', file, '--fingerprint', real);
    expect(agreed.stdout).toContain(`1 added to ${knownHosts}`);
    expect(agreed.exitCode).toBe(0);
    expect((await findings('db3', file)).ssh?.verdict).toBe('yes');
    expect((await inside('trust', 'db3', '--inventory', file, '--fingerprint', real)).stdout).toContain(
      'already known, unchanged',
    );
  });
});

describe('reseed init', () => {
  test('one named replica gives an inventory with its source, which nobody can change anything by, and a file that is there stays', async () => {
    const file = join(folder, 'first', 'hosts.yaml');
    const login = [
      '--user',
      'root',
      '--identity',
      identityFile(testPlaces),
      '--known-hosts',
      knownHostsFile(testPlaces),
    ];
    const words = ['init', '10.77.0.13', ...login, '--cluster', 'shop', '--output', file];
    await rm(file, { force: true });
    await inside(...words);
    const text = await readFile(file, 'utf8');
    expect(text).toContain('readOnly: true');
    expect(text).toMatch(/^ {2}10\.77\.0\.13: \{ cluster: shop \} # replica of 10\.77\.0\.11$/m);
    expect(text).toMatch(/^ {2}10\.77\.0\.11: \{ cluster: shop, ssh: \{ host: 10\.77\.0\.11 \} \}/m);
    const again = await inside(...words);
    expect(again).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('is there already: nothing was written'),
    });
    expect(await readFile(file, 'utf8')).toBe(text);
  });
});
