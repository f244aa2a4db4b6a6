// reseed check and reseed trust, on hosts that answer and on hosts that do not.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { drill, onHost, printedOn, reseed, reseedWords } from './fleet.ts';
import { usesHosts } from './uses.ts';

usesHosts('db2', 'db3', 'db6');

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reseed-check-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** A verb of reseed as it is used on the fleet: inside its network. */
const inside = (...words: string[]) => reseed(['drill', 'exec', '--', ...reseedWords, ...words]);

/** hosts.yaml with something in it changed. */
async function inventory(change: (text: string) => string): Promise<string> {
  const file = join(folder, 'hosts.yaml');
  await writeFile(file, change(await readFile('hosts.yaml', 'utf8')));
  return file;
}

interface Finding {
  readonly verdict: string;
  readonly detail: string;
}
async function findings(host: string, file = 'hosts.yaml'): Promise<Record<string, Finding>> {
  const { stdout } = await inside('check', host, '--inventory', file, '--json');
  return JSON.parse(stdout).hosts[0].findings;
}

describe('reseed check', () => {
  test('a host that is off costs the others nothing, and ends with 4', async () => {
    await drill('fault', 'power-cut', 'db6');
    const done = await inside('check', 'db3', 'db6');
    await drill('heal', 'db6');
    expect(done.stdout).toMatch(/^db3 {2,}✔/m);
    expect(done.stdout).toMatch(/^✖ db6 {2}ssh: .*10\.77\.0\.16/m);
    expect(done.exitCode).toBe(4);
  });

  test('a name that does not resolve is reported before anything is asked of the host', async () => {
    const file = await inventory((text) => text.replace('host: 10.77.0.13', 'host: db3.invalid'));
    const done = await inside('check', 'db3', '--inventory', file);
    expect(done.stdout).toMatch(/^db3 +✖ +– +– +– +– +–$/m);
    expect(done.stdout).toMatch(/^✖ db3 {2}dns: db3\.invalid: .+; /m);
    expect(done.exitCode).toBe(4);
  });

  test('a changed host key is refused', async () => {
    await drill('fault', 'rekey-ssh', 'db6');
    const { ssh } = await findings('db6');
    await drill('heal', 'db6');
    expect(ssh?.verdict).toBe('no');
    expect(ssh?.detail).toMatch(
      /^10\.77\.0\.16 shows another host key than the one in .*known_hosts:\d+: ssh-ed25519 SHA256:/,
    );
    expect((await findings('db6')).ssh?.verdict).toBe('yes');
  });

  test('a wrong user is not let in', async () => {
    const { ssh } = await findings('db3', await inventory((text) => text.replace('user: root', 'user: nobody')));
    expect(ssh).toMatchObject({
      verdict: 'no',
      detail: expect.stringContaining('accepts none of the keys here for nobody'),
    });
  });

  test('a refused sudo differs from a failed login', async () => {
    await printedOn('db2', 'sudo -n mv /etc/sudoers.d/ops /root/ops.sudoers');
    const seen = await findings('db2');
    // The way back without sudo: the serial line is root's.
    await drill('reset', 'db2');
    expect(seen.ssh?.verdict).toBe('yes');
    expect(seen.sudo?.verdict).toBe('no');
    expect((await findings('db2')).sudo?.verdict).toBe('yes');
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
    expect(done.stderr).toBe("reseed: hosts.yaml has no host 'db9'; it has db1, db2, db3, db4, db5, db6");
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
