// How Ansible inventories describe the connection to a host. Each meaning was compared with ansible-inventory 2.14.
import { describe, expect, test } from 'vitest';
import { formatProblem, parseInventory } from '../../src/inventory/inventory.ts';
import { complaints, environment, hostOf, inventoryOf } from './reading.ts';

function notesOf(text: string, fileName = 'hosts.ini'): string[] {
  const result = parseInventory(text, { fileName, environment });
  if (!result.ok) throw new Error(result.problems.map(formatProblem).join('\n'));
  return result.notes.map(formatProblem);
}
const sshOf = (line: string) => hostOf(`[shop]\ndb1 ${line}\ngate ansible_host=10.0.0.1\n`, 'db1', 'hosts.ini').ssh;

describe('the old names of variables', () => {
  test('say address, port, user and key; of an old and a new name the old one counts, as in Ansible', () => {
    expect(sshOf('ansible_ssh_host=10.0.0.9 ansible_ssh_port=2299 ansible_ssh_user=ops')).toMatchObject({
      host: '10.0.0.9',
      port: 2299,
      user: 'ops',
    });
    expect(sshOf('ansible_ssh_user=ops ansible_user=other ansible_private_key_file=~/k')).toMatchObject({
      user: 'ops',
      identity: '/home/ops/k',
    });
    expect(hostOf('db1 ansible_sudo=yes ansible_user=root\n', 'db1', 'hosts.ini').sudo).toBe(true);
    expect(hostOf('db1 ansible_sudo=yes ansible_become=no\n', 'db1', 'hosts.ini').sudo).toBe(false);
  });
});

describe('arguments of ssh', () => {
  test('say the jump, also as the command that Ansible shows for one', () => {
    expect(sshOf('ansible_ssh_common_args="-J gate"').jump).toEqual({ kind: 'inventory', host: 'gate' });
    expect(sshOf('ansible_ssh_extra_args="-oProxyJump=ops@bastion"').jump).toEqual({
      kind: 'ssh',
      destination: 'ops@bastion',
    });
    const command = `'-o ProxyCommand="ssh -W %h:%p -q -p 2222 -l ops -o StrictHostKeyChecking=no bastion"'`;
    expect(sshOf(`ansible_ssh_common_args=${command}`).jump).toEqual({
      kind: 'ssh',
      destination: 'ops@bastion:2222',
    });
  });

  test('say port, user, key and known_hosts where no variable does', () => {
    const args = `"-p 2299 -l ops -i ~/k -o 'UserKnownHostsFile ~/kh' -o IdentityFile=~/other -C -vv"`;
    expect(sshOf(`ansible_ssh_args=${args} ansible_port=22`)).toMatchObject({
      port: 22,
      user: 'ops',
      identity: '/home/ops/k',
      knownHosts: '/home/ops/kh',
    });
  });

  test('that run another program are refused', () => {
    for (const command of ['nc -x gate %h %p', 'ssh -i ~/k -W %h:%p gate', 'ssh gate nc %h %p', 'ssh -W %h:22 gate']) {
      const text = `db1 ansible_ssh_common_args='-o ProxyCommand="${command}"'\n`;
      expect(complaints(text, 'hosts.ini')).toEqual([
        expect.stringContaining('write the way through another host as -J bastion; reseed runs no ProxyCommand'),
      ]);
    }
  });

  test('that reseed does not use are reported once', () => {
    const args = 'ansible_ssh_common_args="-o StrictHostKeyChecking=no -o ControlPersist=60s -o Ciphers=aes128-ctr"';
    expect(notesOf(`[shop]\ndb1 ${args}\ndb2 ${args}\n`)).toEqual([
      'hosts.ini:2:30 ansible_ssh_common_args asks for no check of host keys, and reseed verifies every one, reseed trust HOST adds a key that you have compared',
      'hosts.ini:2:30 ansible_ssh_common_args has "ciphers", which is not used, write it in ~/.ssh/config, which reseed reads',
    ]);
  });
});

describe('what Ansible does and reseed does not', () => {
  test('is reported, and the hosts are read all the same', () => {
    const text = `[shop]
db1 ansible_ssh_pass="{{ vault_pass }}" ansible_become_method=su ansible_become_user=mysql
db2 ansible_connection=docker ansible_become_password=x ansible_host_key_checking=no
db3 ansible_connection=smart ansible_become_method=sudo ansible_become_user=root
`;
    expect(inventoryOf(text, 'hosts.ini').hosts).toHaveLength(3);
    expect(notesOf(text)).toEqual([
      'hosts.ini:2:23 ansible_ssh_pass is not used: reseed logs in by key, name the key in ansible_ssh_private_key_file, or start an agent',
      'hosts.ini:2:63 ansible_become_method su is not used: reseed knows sudo alone, let the account use sudo, or log in as root',
      'hosts.ini:2:86 ansible_become_user mysql is not used: reseed works as root, let the account use sudo as root: reseed sudoers',
      'hosts.ini:3:24 ansible_connection docker is not used: reseed reaches hosts by ssh, leave the host out if it has no sshd',
      'hosts.ini:3:55 ansible_become_password is not used: reseed runs sudo -n, let the account use sudo without a password: reseed sudoers',
      'hosts.ini:3:83 ansible_host_key_checking is not used: reseed verifies every host key, reseed trust HOST adds a key that you have compared',
    ]);
  });

  test('an encrypted value that says how a host is reached is refused at its place', () => {
    const text =
      'all:\n  hosts:\n    db1:\n      ansible_user: !vault |\n        $ANSIBLE_VAULT;1.1;AES256\n        6162\n';
    expect(complaints(text, 'hosts.yml')).toEqual([
      'hosts.yml:4:28 ansible_user is encrypted (Ansible Vault), write the value as it is',
    ]);
  });
});

describe("the values of Ansible's INI", () => {
  test('have comments behind numbers and behind text in quotes', () => {
    const text = `[shop]
db1 ansible_host=127.0.0.1   # rack 4, ask facilities
db2 ansible_host=10.0.0.2#x
[shop:vars]
ansible_port=2299 # moved in March
ansible_user = "ops"# dba
ansible_become=True # always
`;
    expect(hostOf(text, 'db1', 'hosts.ini')).toMatchObject({
      ssh: { host: '127.0.0.1', port: 2299, user: 'ops' },
      sudo: true,
    });
    expect(hostOf(text, 'db2', 'hosts.ini').ssh.host).toBe('10.0.0.2');
  });

  test('have no comment behind other text: Ansible takes it as a part of the value', () => {
    const text = '[shop]\ndb1\n[shop:vars]\nansible_user=ops # dba\nmotd=a # b\nansible_host = "a # b\n';
    expect(complaints(text, 'hosts.ini')).toEqual([
      'hosts.ini:4:18 "# dba" is a part of the value to Ansible, write the comment on a line of its own, or the value in quotes',
      'hosts.ini:6:19 "# b" is a part of the value to Ansible, write the comment on a line of its own, or the value in quotes',
    ]);
  });

  test('lose the quotes within quotes, and the backslashes before quotes', () => {
    expect(sshOf(`ansible_user="'ops'"`).user).toBe('ops');
    expect(complaints(`db1 ansible_host="'a\\\\'b'"\n`, 'hosts.ini')).toEqual([
      `hosts.ini:1:20 ssh.host is "a'b", write a name or an address: no dash in front, no blanks, quotes or shell signs`,
    ]);
  });
});

describe('addresses with a port', () => {
  test('are IPv6 in brackets, names, and ranges', () => {
    const text =
      '[shop]\n[2001:db8::7]:2222 ansible_user=ops\n[2001:db8::[1:2]]:23\ndb[1:2].x:24\n2001:db8::9\ndb[:1]\n';
    expect(inventoryOf(text, 'hosts.ini').hosts.map(({ name, ssh }) => [name, ssh.host, ssh.port])).toEqual([
      ['2001:db8::7', '2001:db8::7', 2222],
      ['2001:db8::1', '2001:db8::1', 23],
      ['2001:db8::2', '2001:db8::2', 23],
      ['db1.x', 'db1.x', 24],
      ['db2.x', 'db2.x', 24],
      ['2001:db8::9', '2001:db8::9', undefined],
      ['db0', 'db0', undefined],
      ['db1', 'db1', undefined],
    ]);
    expect(inventoryOf('shop: { hosts: { "[2001:db8::7]:2222": } }').hosts).toMatchObject([{ ssh: { port: 2222 } }]);
  });
});

describe('the answer of ansible-inventory --list', () => {
  const list = `{
    "_meta": { "hostvars": {
        "db1": { "ansible_host": "127.0.0.1", "ansible_port": 2299, "tags": { "a": [1, null, true] } },
        "db2": { "ansible_host": "127.0.0.1", "ansible_port": 2298 },
        "nowhere": { "ansible_port": "x" } } },
    "all": { "children": ["ungrouped", "mysql"] },
    "mysql": { "children": ["shop"], "vars": { "ansible_user": "ops" } },
    "shop": { "hosts": ["db1", "db2"] },
    "ungrouped": { "hosts": ["db[3"] },
    "old": ["db1"]
}`;

  test('gives hosts, groups and variables', () => {
    expect(inventoryOf(list, 'hosts.json').hosts).toMatchObject([
      { name: 'db1', cluster: 'shop', ssh: { host: '127.0.0.1', port: 2299, user: 'ops' } },
      { name: 'db2', cluster: 'shop', ssh: { host: '127.0.0.1', port: 2298, user: 'ops' } },
      { name: 'db[3', ssh: { host: 'db[3' } },
    ]);
    expect(inventoryOf(list.replaceAll('    ', '\t'), 'hosts.json').hosts).toHaveLength(3);
    expect(inventoryOf('{"shop": {"hosts": ["db1"], "vars": {}}}', 'hosts.json').hosts).toMatchObject([
      { name: 'db1', cluster: 'shop' },
    ]);
  });

  test('is read as YAML too', () => {
    const text =
      'all:\n  children:\n    shop:\n      hosts:\n        db1: { ansible_host: 10.0.0.1 }\n        db2: {}\n    ungrouped: {}\n';
    expect(inventoryOf(text).hosts).toMatchObject([{ name: 'db1', cluster: 'shop' }, { name: 'db2' }]);
  });

  test('has its mistakes at their places', () => {
    expect(
      complaints('{"_meta": {"hostvars": {"db1": {"ansible_port": 0}}},\n "shop": {"hosts": [["db1"], "db1"]}}'),
    ).toEqual([
      'hosts.yaml:1:49 ssh.port is "0", write a whole number from 1 to 65535',
      'hosts.yaml:2:21 hosts of group "shop": here is a list, write a list of names here',
    ]);
    expect(complaints('{"_meta": {"hostvars": {}}}')).toEqual([
      'hosts.yaml:1:1 no group of this Ansible inventory names a host, write one, as in db1 with ansible_host 10.0.0.11',
    ]);
  });
});

describe('a file that only Ansible can turn into hosts', () => {
  test('is recognised, and what to do is said', () => {
    const how = (file: string) =>
      `have Ansible say its hosts, and name that file: ansible-inventory -i ${file} --list >hosts.json`;
    expect(complaints('# cloud\nplugin: amazon.aws.aws_ec2\nregions: [eu-west-1]\n', 'aws_ec2.yml')).toEqual([
      `aws_ec2.yml:2:1 this tells Ansible's plugin "amazon.aws.aws_ec2" how to find hosts; it names none itself, ${how('aws_ec2.yml')}`,
    ]);
    expect(complaints('#!/usr/bin/env python3\nimport json\n', 'ec2.py')).toEqual([
      `ec2.py:1:1 this is a program ("#!/usr/bin/env python3"), and reseed runs none, ${how('ec2.py')}`,
    ]);
    expect(complaints('$ANSIBLE_VAULT;1.1;AES256\n6162\n', 'hosts')).toEqual([
      `hosts:1:1 this file is encrypted (Ansible Vault), ${how('hosts')}`,
    ]);
  });
});

describe('two servers of one machine', () => {
  const two = (one: string, other: string) =>
    complaints(
      `hosts:\n  a: { ssh: { host: h }, mysql: { ${one} } }\n  b: { ssh: { host: h }, mysql: { ${other} } }\n`,
    );

  test('are two hosts, where both say which they are', () => {
    expect(two('service: mysql', 'service: mysqld@b, defaultsFile: /etc/b.cnf')).toEqual([]);
    expect(two('service: mysqld@a, socket: /run/a.sock', 'service: mysqld@b')).toEqual([]);
    expect(two('defaultsFile: /etc/a.cnf', 'defaultsFile: /etc/b.cnf')).toEqual([]);
    expect(two('socket: /run/a.sock, service: x', 'socket: /run/b.sock')).toEqual([]);
  });

  test('are refused where they may be one', () => {
    const which = 'write for both which server they are, as in mysql: { service: mysqld@a }';
    const same = 'hosts.yaml:3:21 "b" is the same machine as "a" at 2:21 (h:22)';
    expect(two('service: mysqld@a', '')).toEqual([`${same}, ${which}`]);
    expect(two('service: mysqld@a', 'service: mysqld@a.service')).toEqual([`${same}, ${which}`]);
    expect(two('service: mysqld@a', 'defaultsFile: /etc/b.cnf')).toEqual([`${same}, ${which}`]);
    expect(two('', '')).toEqual([`${same}, write its own address, or keep one of them`]);
  });

  test('are refused where SQL for both reaches one of them', () => {
    const refused = [
      'hosts.yaml:3:21 "b" is the same machine as "a" at 2:21 (h:22), and SQL for both reaches one server, ' +
        'write its own client file or socket, as in mysql: { defaultsFile: /etc/mysql-b/my.cnf }',
    ];
    expect(two('service: mysqld@a', 'service: mysqld@b')).toEqual(refused);
    expect(two('service: mysqld@a, socket: /run/s', 'service: mysqld@b, socket: /run/s')).toEqual(refused);
  });
});
