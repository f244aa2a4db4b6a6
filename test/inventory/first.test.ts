// The first inventory, as reseed init writes it.
import { expect, test } from 'vitest';
import { firstInventory, foundEntry, namedEntry } from '../../src/inventory/first.ts';
import { parseInventory } from '../../src/inventory/inventory.ts';
import { sshNames } from '../../src/inventory/ssh-names.ts';

const noLogin = {
  sudo: undefined,
  ssh: { user: undefined, identity: undefined, knownHosts: undefined, jump: undefined },
};
const hostsOf = (text: string) => {
  const read = parseInventory(text, { fileName: 'hosts.yaml', environment: {} });
  if (!read.ok) throw new Error(JSON.stringify(read.problems));
  return read.inventory;
};

test('an inventory of a named server and a found one is read, changes nothing, and says what each host is', () => {
  const named = new Map([namedEntry('db1.example.com', 'shop')]);
  const found = foundEntry('  db2:\n    cluster: shop\n    ssh: { host: 10.0.0.12 }', named);
  if (!found) throw new Error('not found');
  const login = { ...noLogin, sudo: true, ssh: { ...noLogin.ssh, user: 'ops' } };
  const about = new Map([['db2', 'replica of db1']]);
  const text = firstInventory(new Map([...named, found]), login, about);
  const { readOnly, hosts } = hostsOf(text);
  expect(readOnly).toBe(true);
  expect(hosts.map(({ name, cluster, sudo, ssh }) => [name, cluster, sudo, ssh.host, ssh.user])).toEqual([
    ['db1', 'shop', true, 'db1.example.com', 'ops'],
    ['db2', 'shop', true, '10.0.0.12', 'ops'],
  ]);
  expect(text).toContain('# replica of db1');
});

test('a found server whose name is taken is not put in place of the other one', () => {
  const named = new Map([namedEntry('db1', 'shop')]);
  expect(foundEntry('  db1:\n    ssh: { host: 10.0.0.12 }', named)).toBeUndefined();
});

test.each(['10.0.0.11', '2001:db8::1', 'db1', 'db1.shop.example.com'])(
  '%s is a host of the inventory that reaches it',
  (address) => {
    const [host] = hostsOf(firstInventory(new Map([namedEntry(address, 'shop')]), noLogin)).hosts;
    expect(host?.ssh.host).toBe(address);
  },
);

test('of an ssh configuration the hosts are taken, and no pattern', () => {
  const config =
    'Host db1 db2\n  HostName 10.0.0.11\nhost=db3\nHost *.example.com !db9\nHost "db4" # the old one\nMatch host db5\nHost db1\n';
  expect(sshNames(config)).toEqual(['db1', 'db2', 'db3', 'db4']);
});
