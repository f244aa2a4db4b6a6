import { describe, expect, test } from 'vitest';
import { complaints, hostOf, inventoryOf } from './reading.ts';

const yaml = `
all:
  vars: { ansible_user: ops, ansible_port: 22, motd: "{{ never }}", motd2: "a\\nb", list: [1] }
  hosts:
    gate: { ansible_host: 10.0.0.1, ansible_user: root }
  children:
    mysql:
      vars: { ansible_port: 2222, ansible_become: no, ansible_ssh_private_key_file: ~/.ssh/fleet }
      children:
        shop:
          hosts:
            db[01:02].example: { ansible_ssh_common_args: "-o StrictHostKeyChecking=no -J gate" }
            db3: { ansible_host: 10.0.0.3, ansible_become: "True" }
        crm:
          vars: { ansible_ssh_common_args: '-o ProxyJump="ops@bastion:22"' }
          hosts: { db4: , db3: }
    backup:
      hosts: { db4: , here: { ansible_connection: local } }
`;

describe("Ansible's YAML inventory", () => {
  test('gives every host, in the innermost group that names it', () => {
    const inventory = inventoryOf(yaml, 'inventory.yml');
    expect(inventory.fleet).toBe('inventory');
    expect(inventory.hosts.map(({ name, cluster }) => [name, cluster])).toEqual([
      ['gate', undefined],
      ['db01.example', 'shop'],
      ['db02.example', 'shop'],
      ['db3', 'shop'],
      ['db4', 'crm'],
      ['here', 'backup'],
    ]);
  });

  test('gives a host what its groups say, the deeper ones first', () => {
    expect(hostOf(yaml, 'gate')).toMatchObject({ ssh: { host: '10.0.0.1', port: 22, user: 'root' }, sudo: false });
    expect(hostOf(yaml, 'db02.example')).toMatchObject({
      ssh: { port: 2222, user: 'ops', identity: '/home/ops/.ssh/fleet', jump: { kind: 'inventory', host: 'gate' } },
      sudo: false,
    });
    expect(hostOf(yaml, 'db3')).toMatchObject({ ssh: { host: '10.0.0.3' }, sudo: true });
    expect(hostOf(yaml, 'db4').ssh.jump).toEqual({ kind: 'ssh', destination: 'ops@bastion:22' });
    expect(hostOf(yaml, 'here').ssh.transport).toBe('local');
  });

  test('is known by its groups, without all', () => {
    expect(inventoryOf('shop:\n  hosts:\n    db1:\n').hosts).toMatchObject([{ name: 'db1', cluster: 'shop' }]);
    expect(inventoryOf('eu:\n  children:\n    shop: { hosts: { db1: } }\n').hosts).toMatchObject([{ cluster: 'shop' }]);
  });

  test('says where a template, a wrong value or a wrong key is', () => {
    const text = `all:
  children:
    shop:
      host: { db0: }
      hosts:
        db1: { ansible_host: "{{ address }}", ansible_port: 0 }
        db2: { ansible_user: [ops], ansible_ssh_common_args: -o ProxyCommand="nc -x gate %h %p" }
        db[3: { ansible_host: a }
        db[9:1]:
        db5: ams
      vars: ops
`;
    expect(complaints(text, 'inventory.yml')).toEqual([
      'inventory.yml:4:7 unknown key "host" in group "shop", did you mean hosts?',
      'inventory.yml:6:30 ansible_host is the template "{{ address }}", which reseed does not evaluate, write the value',
      'inventory.yml:6:61 ssh.port is "0", write a whole number from 1 to 65535',
      'inventory.yml:7:30 ansible_user is a list, write one value here',
      'inventory.yml:7:62 ansible_ssh_common_args is "-o ProxyCommand="nc -x gate %h %p"", write the way through another host as -J bastion; reseed runs no ProxyCommand from an inventory',
      'inventory.yml:8:9 a bracket in "db[3" has no partner, write a range as in db[01:03], a group as in [shop]',
      'inventory.yml:9:9 "[9:1]" in "db[9:1]" is not a range, write a range as in db[01:03] or db[a:c]',
      'inventory.yml:10:14 host "db5" is "ams", write a map here: a name, a colon, and no dash in front',
      'inventory.yml:11:13 vars of group "shop" is "ops", write a map here: a name, a colon, and no dash in front',
    ]);
  });

  test('without a host, with broken YAML, or with a doubled host says only that', () => {
    expect(complaints('all:\n  children:\n')).toEqual([
      'hosts.yaml:1:1 no group of this Ansible inventory names a host, write one, as in db1 with ansible_host 10.0.0.11',
    ]);
    expect(complaints('all:\n  hosts:\n    db1:\n\tdb2:\n')).toEqual([
      'hosts.yaml:4:1 broken YAML: Tabs are not allowed as indentation, indent with blanks',
    ]);
    expect(complaints('all:\n  hosts:\n    db1:\n    db1:\n')).toEqual([
      'hosts.yaml:4:5 "db1" is written twice, first at 3:5, keep one of them',
    ]);
  });

  test('refuses control characters in what it reads, and leaves the rest alone', () => {
    expect(complaints('all:\n  hosts:\n    db1: { ansible_host: "a\\e", motd: "b\\e" }\n')).toEqual([
      'hosts.yaml:3:26 "a\\u{1b}" holds the control character U+001B, write it without that character',
    ]);
  });
});

describe("Ansible's INI inventory", () => {
  const ini = `; the fleet
gate ansible_host=10.0.0.1

[mysql:children]
shop
crm  # two of them

[shop]
db[1:3:2].example:2222 ansible_user='ops' ansible_ssh_common_args="-o StrictHostKeyChecking=no -o ProxyJump=gate"
db-[a:b][08:09]
[crm]
db3 ansible_host=10.0.0.3 ansible_become=no # the old one

[mysql:vars]
ansible_user = "admin"
ansible_ssh_private_key_file=~/.ssh/fleet
http_port=80
[all:vars]
ansible_port=22
`;

  test('gives every host, in the innermost group that names it', () => {
    expect(inventoryOf(ini, 'hosts').hosts.map(({ name, cluster }) => [name, cluster])).toEqual([
      ['gate', undefined],
      ['db1.example', 'shop'],
      ['db3.example', 'shop'],
      ['db-a08', 'shop'],
      ['db-a09', 'shop'],
      ['db-b08', 'shop'],
      ['db-b09', 'shop'],
      ['db3', 'crm'],
    ]);
  });

  test('gives a host what its groups and its line say', () => {
    expect(hostOf(ini, 'db3.example', 'hosts.ini')).toMatchObject({
      ssh: { host: 'db3.example', port: 2222, user: 'ops', jump: { kind: 'inventory', host: 'gate' } },
      sudo: true,
    });
    expect(hostOf(ini, 'db3', 'hosts.ini')).toMatchObject({
      ssh: { host: '10.0.0.3', port: 22, user: 'admin', identity: '/home/ops/.ssh/fleet' },
      sudo: false,
    });
  });

  test('is known by its first section, or by its name', () => {
    expect(inventoryOf('# hello\r\n\r\n[shop]\r\ndb1\r\n', 'hosts').hosts).toMatchObject([
      { name: 'db1', cluster: 'shop' },
    ]);
    expect(inventoryOf('db0\n[shop]\ndb1\n', 'hosts').hosts).toMatchObject([{ name: 'db0' }, { cluster: 'shop' }]);
    expect(inventoryOf('db1\n', 'hosts.ini').hosts).toMatchObject([{ name: 'db1' }]);
  });

  test('says what is wrong in which line and column', () => {
    const text = `[shop]
db1 ansible_port=99999 ansible_host='10.0.0.1
db2 ansible_port='0x' oops
db3 ansible_host=-oProxyCommand=x
db[1-3]
-db4
[eu:children]
shp
shop crm
[us:vars]
ansible_user
ansible_user = {{ me }}
[shop:var]
db5
[shop:vars]
ansible_user =   "a b"
`;
    expect(complaints(text, 'hosts.ini')).toEqual([
      'hosts.ini:2:37 the quote that opens here is never closed, close it on the same line',
      'hosts.ini:3:19 ssh.port is "0x", write a whole number from 1 to 65535',
      'hosts.ini:3:23 "oops" follows the name of a host, write key=value, one host a line',
      'hosts.ini:4:18 ssh.host is "-oProxyCommand=x", write a name or an address: no dash in front, no blanks, quotes or shell signs',
      'hosts.ini:5:1 "[1-3]" in "db[1-3]" is not a range, write a range as in db[01:03] or db[a:c]',
      'hosts.ini:6:1 a host cannot be named "-db4": it would be read as an option, write it without the dash in front',
      'hosts.ini:8:1 unknown group "shp", did you mean shop?',
      'hosts.ini:9:6 "crm" follows the name of a group, write one group a line',
      'hosts.ini:10:1 unknown group "us", write a section [us]',
      'hosts.ini:11:1 "ansible_user" is no variable, write key=value',
      'hosts.ini:13:1 unknown section "[shop:var]", did you mean vars?',
      'hosts.ini:16:19 ssh.user is "a b", write a user name: no dash in front, no blanks, quotes or shell signs',
    ]);
  });

  test('names groups that are below themselves, and ranges without end', () => {
    expect(complaints('[a:children]\nb\n[b:children]\nc\n[c:children]\nb\n[c]\ndb1\n', 'hosts')).toEqual([
      'hosts:3:1 group "b" is below itself: b -> c -> b, take one of them out of the other',
    ]);
    expect(complaints('[a]\ndb[1:9][1:999999999]\n', 'hosts')).toEqual([
      'hosts:1:1 no group of this Ansible inventory names a host, write one, as in db1 with ansible_host 10.0.0.11',
      'hosts:2:1 "db[1:9][1:999999999]" stands for too many hosts, write a smaller range',
    ]);
  });

  test('finds two names for one machine', () => {
    expect(complaints('[a]\ndb1 ansible_host=10.0.0.1\ndb2 ansible_host=10.0.0.1\n', 'hosts')).toEqual([
      'hosts:3:18 "db2" is the same machine as "db1" at 2:18 (10.0.0.1:22), write its own address, or keep one of them',
    ]);
  });
});

test('a file of options that is named as the inventory is one mistake, and none of its values is printed', () => {
  const text = '[mysql]\nseed-user = "ops"\nseed-password = "secret"\n[common]\nport = 3001\n';
  const said =
    'this line is of a configuration, and the file is no inventory, name an inventory; of orchestrator-agent: reseed import-agent FILE';
  expect(complaints(text, 'agent.toml')).toEqual([`agent.toml:2:1 ${said}`]);
  const json = '{\n  "SnapshotMountPoint": "/mnt",\n  "MySQLTopologyPassword": "secret"\n}\n';
  expect(complaints(json, 'agent.json')).toEqual([`agent.json:2:1 ${said}`]);
});
