// `reseed trust` of an sshd that shows a key which it does not have: it signs with another key.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import ssh2, { type ParsedKey } from 'ssh2';
import { expect, onTestFinished, test } from 'vitest';
import { openRemotes } from '../../src/remote/open.ts';
import { quietEnvironment } from './contract.ts';

const parsed = (): ParsedKey => {
  const key = ssh2.utils.parseKey(ssh2.utils.generateKeyPairSync('ed25519').private);
  if (key instanceof Error) throw key;
  return key;
};

/** An sshd with the key of `shows`, that signs with the one of `holds`. */
async function hostKeysOf(transport: 'ssh2' | 'openssh', shows: ParsedKey, holds: ParsedKey) {
  const key = Object.assign(Object.create(holds) as ParsedKey, { getPublicSSH: () => shows.getPublicSSH() });
  let logins = 0;
  const server = new ssh2.Server({ hostKeys: [{ key } as never] }, (client) => {
    client.on('error', () => undefined);
    client.on('authentication', (login) => {
      logins++;
      login.reject();
    });
  });
  const folder = await mkdtemp(join(tmpdir(), 'reseed-unproved-'));
  await new Promise<void>((listening) => void server.listen(0, '127.0.0.1', () => listening()));
  onTestFinished(async () => {
    server.close();
    await rm(folder, { recursive: true });
  });
  const sshConfig = join(folder, 'ssh_config');
  await writeFile(sshConfig, '');
  const remotes = openRemotes({ environment: quietEnvironment, sshConfig });
  const { port } = server.address() as AddressInfo;
  const target = { name: 'db7', host: '127.0.0.1', port, user: 'root', sudo: false, transport };
  const shown = await remotes.hostKeys({ ...target, knownHosts: join(folder, 'known_hosts') });
  await remotes.close();
  return { fingerprints: shown.ok ? shown.value.keys.map(({ fingerprint }) => fingerprint) : [], shown, logins };
}

test.each(['ssh2', 'openssh'] as const)(
  'by %s, trust shows a key only where the host proved by its signature that it holds it',
  async (transport) => {
    const [genuine, attackers] = [parsed(), parsed()];
    const stolen = await hostKeysOf(transport, genuine, attackers);
    expect(stolen.fingerprints).toEqual([]);
    expect(stolen.shown.ok).toBe(false);
    const held = await hostKeysOf(transport, genuine, genuine);
    expect(held.fingerprints).toHaveLength(1);
    // Of the system's ssh, which asks for the method `none`, one.
    expect(held.logins).toBeLessThanOrEqual(transport === 'ssh2' ? 0 : 1);
  },
);
