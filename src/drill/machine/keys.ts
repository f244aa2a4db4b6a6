// The keys of a running fleet and their ssh settings: made by `up`, removed by `down`.
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DrillHost } from '../host.ts';
import { drillHosts, hostNamed } from '../hosts.ts';
import { exists } from '../image/store.ts';
import { hostFolder, identityFile, knownHostsFile, type Places, sshConfigFile } from '../places.ts';
import { run } from '../run.ts';

export interface HostKeys {
  readonly privateKey: string;
  readonly publicKey: string;
}

/** The host's own ssh key. It outlives a reset, since a reset practises no change of keys. */
export function hostKeys(places: Places, host: DrillHost): Promise<HostKeys> {
  return keyPair(join(hostFolder(places, host.name), 'ssh_host_ed25519_key'), host.name);
}

/** The one key that can log in to every host. */
export function clientKey(places: Places): Promise<HostKeys> {
  return keyPair(identityFile(places), 'reseed drill');
}

/** known_hosts and an ssh_config with every host, for reseed, for ssh -F and for the tests. */
export async function writeSshFiles(places: Places, keys: ReadonlyMap<string, HostKeys>): Promise<void> {
  const lines: string[] = [];
  const config: string[] = [];
  for (const [name, { publicKey }] of keys) {
    const host = hostNamed(name);
    if (!host) continue;
    const { address, ssh } = host;
    const named = ssh.port === 22 ? address : `[${address}]:${ssh.port}`;
    lines.push(`${named} ${publicKey.split(' ').slice(0, 2).join(' ')}`);
    config.push(`Host ${name}`, `  HostName ${address}`, `  Port ${ssh.port}`, `  User ${ssh.user}`);
    if (ssh.jump) config.push(`  ProxyJump ${ssh.jump}`);
  }
  config.push(
    `Host ${drillHosts.map(({ name }) => name).join(' ')}`,
    `  IdentityFile "${identityFile(places)}"`,
    '  IdentitiesOnly yes',
    `  UserKnownHostsFile "${knownHostsFile(places)}"`,
    '  GlobalKnownHostsFile /dev/null',
    '  StrictHostKeyChecking yes',
  );
  await writeFile(knownHostsFile(places), `${lines.join('\n')}\n`, { mode: 0o600 });
  await writeFile(sshConfigFile(places), `${config.join('\n')}\n`, { mode: 0o600 });
}

async function keyPair(file: string, comment: string): Promise<HostKeys> {
  if (!(await exists(file))) await run('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', comment, '-f', file]);
  return { privateKey: await readFile(file, 'utf8'), publicKey: await readFile(`${file}.pub`, 'utf8') };
}
