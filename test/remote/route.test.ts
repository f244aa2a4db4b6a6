import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { good } from '../../src/remote/failure.ts';
import type { RemoteTarget } from '../../src/remote/remote.ts';
import { routeTo } from '../../src/remote/route/route.ts';
import { settingsFrom } from '../../src/remote/route/ssh-config.ts';

const target: RemoteTarget = { name: 'db1', host: 'db1.example', transport: 'auto', sudo: false };

/** The hops of a route, when `ssh -G` says of each host what `configured` has for it. */
async function hopsOf(to: RemoteTarget, configured: Readonly<Record<string, string>> = {}) {
  const route = await routeTo(to, async (query) => good(settingsFrom(configured[query.host] ?? '', {})));
  return route.ok ? route.value.map((hop) => hop.query) : route.trouble.kind;
}

describe('the route to a host', () => {
  test('is the host alone where nothing lies between', async () => {
    expect(await hopsOf(target, { 'db1.example': 'proxyjump none\n' })).toEqual([{ host: 'db1.example' }]);
  });

  test('goes over the jumps of the caller, the first to dial first', async () => {
    const far = { ...target, host: 'far', port: 2222, user: 'ops', jump: { ...target, host: 'near', identity: '/k' } };
    expect(await hopsOf({ ...target, jump: far })).toEqual([
      { host: 'near', identity: '/k' },
      { host: 'far', port: 2222, user: 'ops' },
      { host: 'db1.example' },
    ]);
  });

  test.each([
    ['bastion', [{ host: 'bastion' }]],
    ['ops@bastion:2222', [{ host: 'bastion', user: 'ops', port: 2222 }]],
    ['near,ops@far', [{ host: 'near' }, { host: 'far', user: 'ops' }]],
    ['ssh://ops@bastion:2222', [{ host: 'bastion', user: 'ops', port: 2222 }]],
    ['ops@[fe80::1]:2222', [{ host: 'fe80::1', user: 'ops', port: 2222 }]],
    ['fe80::1', [{ host: 'fe80::1' }]],
    ['ops@corp@bastion', [{ host: 'bastion', user: 'ops@corp' }]],
  ])('reads ProxyJump %s', async (jump, hops) => {
    const expected = [...hops, { host: 'db1.example' }];
    expect(await hopsOf({ ...target, jump })).toEqual(expected);
    expect(await hopsOf(target, { 'db1.example': `proxyjump ${jump}\n` })).toEqual(expected);
  });

  test('includes the jumps of the first hop itself, and refuses a loop', async () => {
    const configured = { 'db1.example': 'proxyjump far\n', far: 'proxyjump near\n' };
    expect(await hopsOf(target, configured)).toEqual([{ host: 'near' }, { host: 'far' }, { host: 'db1.example' }]);
    expect(await hopsOf(target, { ...configured, near: 'proxyjump far\n' })).toBe('refused');
  });

  test("uses the target's known_hosts for the hops that have none of their own", async () => {
    const jump = { ...target, host: 'far', knownHosts: '/own', jump: 'near' };
    const route = await routeTo({ ...target, knownHosts: '/mine', jump }, async () => good(settingsFrom('', {})));
    if (!route.ok) throw new Error(route.trouble.message);
    expect(route.value.map((hop) => hop.settings.knownHostsFiles)).toEqual([['/own'], ['/own'], ['/mine']]);
  });
});

test('a known_hosts that another account can write is not believed, and what to do is said', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'reseed-route-'));
  try {
    const knownHosts = join(folder, 'known_hosts');
    const troubleOf = async () => {
      const route = await routeTo({ ...target, knownHosts }, async () => good(settingsFrom('', {})));
      return route.ok ? undefined : `${route.trouble.message}; ${route.trouble.advice}`.replaceAll(folder, '');
    };
    expect(await troubleOf()).toBeUndefined();
    await writeFile(knownHosts, '');
    await chmod(knownHosts, 0o644);
    expect(await troubleOf()).toBeUndefined();
    await chmod(knownHosts, 0o664);
    expect(await troubleOf()).toBe(
      '/known_hosts can be written by other accounts (mode 664): no key in it is believed; chmod go-w /known_hosts',
    );
    await chmod(knownHosts, 0o600);
    await chmod(folder, 0o777);
    expect(await troubleOf()).toMatch(/lies in .*, which can be written by other accounts \(mode 777\)/);
  } finally {
    await rm(folder, { recursive: true });
  }
});

describe('the settings that ssh -G prints', () => {
  test('are read as ssh means them', () => {
    const output = `host db1
user ops
hostname 10.0.0.1
port 2222
addressfamily inet
identitiesonly yes
gssapiauthentication yes
proxyjump none
revokedhostkeys none
identityfile ~/.ssh/%h-%r
identityfile /keys/%%
certificatefile ~/cert.pub
globalknownhostsfile /etc/ssh/a /etc/ssh/b
userknownhostsfile ~/.ssh/known_hosts /dev/null
hostkeyalias db
`;
    expect(settingsFrom(output, { HOME: '/home/me', SSH_AUTH_SOCK: '/agent' })).toEqual({
      hostname: '10.0.0.1',
      port: 2222,
      user: 'ops',
      identityFiles: ['/home/me/.ssh/10.0.0.1-ops', '/keys/%'],
      identitiesOnly: true,
      agent: '/agent',
      certificateFiles: ['/home/me/cert.pub'],
      knownHostsFiles: ['/home/me/.ssh/known_hosts', '/dev/null', '/etc/ssh/a', '/etc/ssh/b'],
      hostKeyAlias: 'db',
      gssapi: true,
      addressFamily: 4,
    });
  });

  test.each([
    ['', '/env'],
    ['identityagent SSH_AUTH_SOCK\n', '/env'],
    ['identityagent none\n', undefined],
    ['identityagent $MY_AGENT\n', '/mine'],
    ['identityagent ~/agent\n', '/home/me/agent'],
  ])('name the agent: %j', (output, agent) => {
    const environment = { HOME: '/home/me', SSH_AUTH_SOCK: '/env', MY_AGENT: '/mine' };
    expect(settingsFrom(output, environment).agent).toBe(agent);
  });

  test('are read from any text without a throw', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => void settingsFrom(text, {})));
  });
});
