import { expect, test } from 'vitest';
import { good } from '../../src/remote/failure.ts';
import type { RemoteTarget } from '../../src/remote/remote.ts';
import { type LookUp, nameOf } from '../../src/remote/route/names.ts';
import { routeTo } from '../../src/remote/route/route.ts';
import { settingsFrom } from '../../src/remote/route/ssh-config.ts';

const target: RemoteTarget = { name: 'db1', host: 'shop-db', transport: 'auto', sudo: false };

/** What is said of the name of a host, where `ssh -G` says `configured` of each host. */
async function named(to: RemoteTarget, configured: string, lookUp?: LookUp) {
  const route = await routeTo(to, async ({ host }) => good(settingsFrom(`hostname ${host}\n${configured}`, {})));
  if (!route.ok) throw new Error(route.trouble.message);
  return await nameOf(route.value, lookUp);
}

test('an alias of ~/.ssh/config is looked up by its HostName', async () => {
  const route = await routeTo(target, async () => good(settingsFrom('hostname localhost\naddressfamily inet\n', {})));
  expect(route.ok && (await nameOf(route.value))).toEqual({
    kind: 'found',
    name: 'localhost',
    addresses: ['127.0.0.1'],
  });
});

test('an address is its own', async () => {
  const to = { ...target, host: '192.0.2.7' };
  expect(await named(to, '')).toEqual({ kind: 'found', name: '192.0.2.7', addresses: ['192.0.2.7'] });
});

test('a name that does not exist (RFC 6761), by the real resolver', async () => {
  const answer = await named({ ...target, host: 'db1.invalid' }, '');
  expect(['missing', 'silent']).toContain(answer.kind);
  expect(answer.name).toBe('db1.invalid');
});

test.each([
  ['ENOTFOUND', 'missing', 'no such name'],
  ['EAI_AGAIN', 'silent', 'the resolver does not answer'],
])('getaddrinfo says %s: %s', async (code, kind, why) => {
  const refuse = () => Promise.reject(Object.assign(new Error('getaddrinfo'), { code }));
  expect(await named(target, '', refuse)).toEqual({ kind, name: 'shop-db', why });
});

test('behind a jump, the last hop before the host looks it up', async () => {
  const jump = { ...target, host: 'far', jump: { ...target, host: 'near' } };
  expect(await named({ ...target, jump }, '')).toEqual({ kind: 'elsewhere', name: 'shop-db', by: 'far' });
});

test('behind a ProxyCommand, that one does', async () => {
  const answer = await named(target, 'proxycommand nc %h %p\n');
  expect(answer).toEqual({ kind: 'elsewhere', name: 'shop-db', by: 'ProxyCommand' });
});
