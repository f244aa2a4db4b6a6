import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openRemotes, type RemotesOptions } from '../../src/remote/open.ts';
import type { RemoteTarget } from '../../src/remote/remote.ts';
import { failed, quietEnvironment, sshTarget, succeeded } from './contract.ts';
import { openYard, type Yard } from './sshd.ts';

const deadlineMs = 20_000;
let yard: Yard;
beforeAll(async () => {
  yard = await openYard();
}, 180_000);
afterAll(() => yard.close());

describe('transport: auto', () => {
  test('takes ssh2 where it can go', async () => {
    expect(await carrierTo(await sshTarget(yard, 'auto'))).toBe('ssh2');
  });

  test('takes openssh for a server that has post-quantum key exchange alone, and remembers', async () => {
    const target = await sshTarget(yard, 'auto', ['KexAlgorithms sntrup761x25519-sha512@openssh.com']);
    const remotes = openRemotes({ environment: quietEnvironment, sshConfig: yard.sshConfig });
    for (const remote of [remotes.open(target), remotes.open(target)]) {
      const answers = await Promise.all([1, 2, 3].map(() => remote.exec('echo hello', [], { deadlineMs })));
      expect(answers.map((answer) => succeeded(answer).stdout)).toEqual(['hello\n', 'hello\n', 'hello\n']);
      expect(remote.transport).toBe('openssh');
      await remote.close();
    }
    const alone = remotes.open({ ...target, transport: 'ssh2' });
    const failure = failed(await alone.exec('echo hello', [], { deadlineMs }), 'unreachable');
    expect(failure).toMatchObject({ opensshMay: true });
    expect(failure.advice).toContain('transport: openssh');
    await alone.close();
    await remotes.close();
  });

  test('takes openssh for a server whose login banner is more than ssh2 takes', async () => {
    const banner = join(yard.folder, 'banner');
    await writeFile(banner, 'welcome\n'.repeat(5000));
    expect(await carrierTo(await sshTarget(yard, 'auto', [`Banner ${banner}`]))).toBe('openssh');
  });

  test('shows the key of a server with post-quantum key exchange alone too', async () => {
    const target = await sshTarget(yard, 'auto', ['KexAlgorithms sntrup761x25519-sha512@openssh.com']);
    const remotes = openRemotes({ environment: quietEnvironment, sshConfig: yard.sshConfig });
    const shown = await remotes.hostKeys({ ...target, knownHosts: join(yard.folder, 'none') });
    if (!shown.ok) throw new Error(shown.trouble.message);
    const known = await readFile(target.knownHosts ?? '', 'utf8');
    expect(known).toContain(shown.value.keys[0]?.key.toString('base64'));
    await remotes.close();
  });

  test('takes openssh for a ProxyCommand', async () => {
    const target = await sshTarget(yard, 'auto');
    const sshConfig = join(yard.folder, 'with-proxy-command');
    await writeFile(
      sshConfig,
      `Host proxied\n  HostName 127.0.0.1\n  ProxyCommand bash -c 'exec 3<>/dev/tcp/%%h/%%p; cat <&3 & cat >&3'\n`.replaceAll(
        '%%',
        '%',
      ),
    );
    expect(await carrierTo({ ...target, host: 'proxied' }, { sshConfig })).toBe('openssh');
  });

  test('takes openssh for a host whose key an authority has signed, and for a login by certificate', async () => {
    const authority = join(yard.folder, 'authority');
    await execa('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', authority]);
    const authorityKey = await readFile(`${authority}.pub`, 'utf8');
    const hostKey = join(yard.folder, 'signed-host');
    await execa('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', hostKey]);
    await execa('ssh-keygen', ['-q', '-s', authority, '-I', 'host', '-h', '-n', '127.0.0.1', `${hostKey}.pub`]);
    const user = join(yard.folder, 'signed-user');
    await execa('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', user]);
    await execa('ssh-keygen', ['-q', '-s', authority, '-I', 'user', '-n', 'root', `${user}.pub`]);

    const signed = [`HostKey ${hostKey}`, `HostCertificate ${hostKey}-cert.pub`];
    const byHost = await sshTarget(yard, 'auto', signed);
    const knownHosts = await yard.knownHosts([`@cert-authority * ${authorityKey.trim()}`]);
    expect(await carrierTo({ ...byHost, knownHosts })).toBe('openssh');

    const byUser = await sshTarget(yard, 'auto', [`TrustedUserCAKeys ${authority}.pub`]);
    const byCertificate = { ...byUser, identity: user, user: 'root' };
    for (const sshConfig of ['none', '/dev/null', yard.sshConfig]) {
      expect(await carrierTo(byCertificate, { sshConfig })).toBe('openssh');
    }
  });
});

describe('a key that ssh2 cannot read', () => {
  const keyOf = async (type: string, format: readonly string[], secret = '') => {
    const file = join(yard.folder, `key-${randomUUID()}`);
    await execa('ssh-keygen', ['-q', '-t', type, ...(type === 'rsa' ? ['-b', '2048'] : []), '-N', '', '-f', file]);
    const publicHalf = await readFile(`${file}.pub`, 'utf8');
    // Without -m, or with another type than RSA and ECDSA, it stays in OpenSSH's own format.
    await execa('ssh-keygen', ['-q', '-p', '-P', '', '-N', secret, ...format, '-f', file]);
    await rm(`${file}.pub`);
    const authorized = join(yard.folder, `authorized-${randomUUID()}`);
    await writeFile(authorized, publicHalf, { mode: 0o600 });
    const target = await sshTarget(yard, 'auto', [`AuthorizedKeysFile ${authorized}`]);
    return { ...target, identity: file, authorized };
  };
  const pkcs8 = ['-m', 'PKCS8'];

  test.each(['rsa', 'ecdsa'])('%s in PKCS#8, as openssl and clouds write it: auto takes openssh', async (type) => {
    const target = await keyOf(type, pkcs8);
    expect(await readFile(target.identity, 'utf8')).toMatch(/^-----BEGIN PRIVATE KEY-----/);
    expect(await carrierTo(target)).toBe('openssh');
    expect(await carrierTo({ ...target, transport: 'ssh2' })).toBe('ssh2');
  });

  test('in PKCS#8 with a passphrase: it is asked for, which ssh could not', async () => {
    const target = await keyOf('ecdsa', pkcs8, 'open sesame');
    expect(await readFile(target.identity, 'utf8')).toMatch(/^-----BEGIN ENCRYPTED PRIVATE KEY-----/);
    const passphrase = async (_file: string, again: boolean) => (again ? 'open sesame' : 'open barley');
    expect(await carrierTo(target, { passphrase })).toBe('ssh2');
  });

  test('ed25519 in PKCS#8, as openssl writes it, which OpenSSH before 9.6 can not read either: the host is reached all the same', async () => {
    const { privateKey, publicKey } = generateKeyPairSync('ed25519');
    const target = await keyOf('ed25519', []);
    await writeFile(target.identity, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 });
    // ssh-ed25519 and the key itself, each behind its length.
    const head = Buffer.concat([Buffer.from([0, 0, 0, 11]), Buffer.from('ssh-ed25519'), Buffer.from([0, 0, 0, 32])]);
    const shared = Buffer.from(publicKey.export({ format: 'jwk' }).x ?? '', 'base64url');
    await writeFile(target.authorized, `ssh-ed25519 ${Buffer.concat([head, shared]).toString('base64')}\n`);
    await carrierTo(target);
    expect(await carrierTo({ ...target, transport: 'ssh2' })).toBe('ssh2');
  });

  test('nor ssh: the failure names the file, and why', async () => {
    const target = { ...(await sshTarget(yard, 'auto')), identity: join(yard.folder, 'putty.ppk') };
    await writeFile(target.identity, 'PuTTY-User-Key-File-3: ssh-ed25519\nEncryption: none\n', { mode: 0o600 });
    const remotes = openRemotes({ environment: quietEnvironment, sshConfig: yard.sshConfig });
    const remote = remotes.open(target);
    const failure = failed(await remote.exec('echo hello', [], { deadlineMs }), 'auth');
    expect(failure.tried).toContain(
      `${target.identity}: a key of PuTTY; puttygen FILE -O private-openssh -o NEW writes one that can be read`,
    );
    await remote.close();
    await remotes.close();
  });
});

describe('an encrypted identity', () => {
  test('asks for its passphrase, once for the fleet, and again when it was wrong', async () => {
    const target = { ...(await sshTarget(yard, 'ssh2')), identity: yard.encryptedIdentity };
    const asked: [string, boolean][] = [];
    const passphrase = async (file: string, again: boolean) => {
      asked.push([file, again]);
      return again ? 'open sesame' : 'open barley';
    };
    const remotes = openRemotes({ environment: quietEnvironment, sshConfig: yard.sshConfig, passphrase });
    const fleet = [remotes.open(target), remotes.open(target), remotes.open(target)];
    const answers = await Promise.all(fleet.map((remote) => remote.exec('echo hello', [], { deadlineMs })));
    for (const answer of answers) succeeded(answer);
    expect(asked).toEqual([
      [yard.encryptedIdentity, false],
      [yard.encryptedIdentity, true],
    ]);
    await Promise.all(fleet.map((remote) => remote.close()));
  });

  test('is named among what was tried when nobody tells the passphrase', async () => {
    const target = { ...(await sshTarget(yard, 'ssh2')), identity: yard.encryptedIdentity };
    const remotes = openRemotes({ environment: quietEnvironment, sshConfig: yard.sshConfig });
    const remote = remotes.open(target);
    const failure = failed(await remote.exec('echo hello', [], { deadlineMs }), 'auth');
    expect(failure.tried).toContain(`${yard.encryptedIdentity}: no passphrase, or a wrong one`);
    await remote.close();
  });
});

/** Which transport a command goes by. */
async function carrierTo(target: RemoteTarget, options: Partial<RemotesOptions> = {}): Promise<string | undefined> {
  const remotes = openRemotes({ environment: quietEnvironment, sshConfig: yard.sshConfig, ...options });
  const remote = remotes.open(target);
  expect(succeeded(await remote.exec('echo hello', [], { deadlineMs })).stdout).toBe('hello\n');
  const carrier = remote.transport;
  await remote.close();
  await remotes.close();
  return carrier;
}
