import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { formatProblem, type InventoryResult, loadInventory } from '../../src/inventory/inventory.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reseed-beside-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function write(files: Record<string, string | Buffer>): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
}
const load = (): Promise<InventoryResult> =>
  loadInventory({ flag: 'hosts.ini', environment: { HOME: '/home/ops' }, workingDirectory: folder });
async function hosts() {
  const result = await load();
  if (!result.ok) throw new Error(result.problems.map(formatProblem).join('\n'));
  return Object.fromEntries(result.inventory.hosts.map((host) => [host.name, host]));
}
async function problems(): Promise<string[]> {
  const result = await load();
  return (result.ok ? result.notes : result.problems).map(formatProblem);
}

describe('group_vars and host_vars beside an Ansible inventory', () => {
  test('say how hosts are reached', async () => {
    await write({
      'hosts.ini': '[shop]\ndb1\ndb2\n',
      'group_vars/shop/connection.yml': 'ansible_user: ops\nansible_port: 2299\n',
      'host_vars/db1.yml': 'ansible_host: 127.0.0.1\n',
      'host_vars/db2': 'ansible_host: 127.0.0.2\n',
    });
    expect(await hosts()).toMatchObject({
      db1: { cluster: 'shop', ssh: { host: '127.0.0.1', port: 2299, user: 'ops' } },
      db2: { ssh: { host: '127.0.0.2', port: 2299 } },
    });
  });

  test('count as in Ansible: all, then groups by depth, then the host; before them what the inventory says of groups', async () => {
    await write({
      'hosts.ini': `[mysql:children]\nshop\n[shop]\ndb1 ansible_port=1\n[shop:vars]\nansible_user=ini\nansible_become=no
ansible_ssh_private_key_file=/ini\n[z]\ndb1\n[z:vars]\nansible_group_priority=0\n`,
      'group_vars/all.yml':
        'ansible_user: all\nansible_ssh_private_key_file: /all\nansible_host: all\nansible_port: 2\n',
      'group_vars/mysql.yaml': 'ansible_host: mysql\nansible_ssh_private_key_file: /mysql\n',
      'group_vars/shop.json': '{ "ansible_host": "shop" }',
    });
    expect(await hosts()).toMatchObject({
      db1: { ssh: { host: 'shop', port: 1, user: 'all', identity: '/mysql' }, sudo: false },
    });
    await write({ 'host_vars/db1.yml': 'ansible_port: 3\n' });
    expect(await hosts()).toMatchObject({ db1: { ssh: { port: 3 } } });
  });

  test('of two groups of one depth the priority decides, then the name', async () => {
    const ini = (priority: string) => `[a]\ndb1\n[b]\ndb1\n[a:vars]\n${priority}\n`;
    const vars = { 'group_vars/a.yml': 'ansible_user: a\n', 'group_vars/b.yml': 'ansible_user: b\n' };
    await write({ 'hosts.ini': ini('x=1'), ...vars });
    expect(await hosts()).toMatchObject({ db1: { ssh: { user: 'b' } } });
    await write({ 'hosts.ini': ini('ansible_group_priority=10') });
    expect(await hosts()).toMatchObject({ db1: { ssh: { user: 'a' } } });
  });

  test('are the files that Ansible takes: one of a name, of a folder all, without hidden ones and backups', async () => {
    await write({
      'hosts.ini': '[shop]\ndb1\n',
      'group_vars/shop.yml': 'ansible_host: by.yml\nansible_user: yml\n',
      'group_vars/shop.yaml': 'ansible_user: yaml\n',
      'host_vars/db1/b.yml': 'ansible_host: b\n',
      'host_vars/db1/a.yml': 'ansible_host: a\nansible_port: 1\n',
      'host_vars/db1/deep/c': 'ansible_host: c\n',
      'host_vars/db1/z.yml~': 'ansible_host: backup\n',
      'host_vars/db1/.z.yml': 'ansible_host: hidden\n',
      'host_vars/db1/z.txt': 'ansible_host: text\n',
    });
    expect(await hosts()).toMatchObject({ db1: { ssh: { host: 'c', port: 1, user: 'yml' } } });
  });

  test('that are encrypted are named, and the rest is read', async () => {
    await write({
      'hosts.ini': '[shop]\ndb1\ndb2\n',
      'group_vars/shop/vault.yml': '$ANSIBLE_VAULT;1.1;AES256\n6162\n',
      'group_vars/shop/vars.yml': 'ansible_user: ops\nmysql_password: "{{ vault_password }}"\n',
    });
    expect(await hosts()).toMatchObject({ db2: { ssh: { user: 'ops' } } });
    expect(await problems()).toEqual([
      'group_vars/shop/vault.yml:1:1 is encrypted (Ansible Vault), and nothing of it is read, put what says how hosts are reached into a file that is not encrypted',
    ]);
  });

  test('have their mistakes told with their own file, line and column', async () => {
    await write({
      'hosts.ini': '[shop]\ndb1 ansible_port=0\ndb2 ansible_port=1\n',
      'group_vars/all': 'a: 1\nansible_user: "{{ me }}"\n',
      'group_vars/shop.yml': '- ansible_user\n',
      'host_vars/db1.yml': 'a: [\n',
      'host_vars/db2.yml': Buffer.from('a: \xe9\n', 'latin1'),
    });
    expect(await problems()).toEqual([
      'hosts.ini:2:18 ssh.port is "0", write a whole number from 1 to 65535',
      'group_vars/all:2:15 ansible_user is the template "{{ me }}", which reseed does not evaluate, write the value',
      'group_vars/shop.yml:1:1 the file group_vars/shop.yml is a list, write variables: name: value',
      expect.stringMatching(/^host_vars\/db1\.yml:2:1 broken YAML: /),
      'host_vars/db2.yml:1:1 this file of variables is not UTF-8, make it readable, or take it away',
    ]);
  });

  test('that may not be read are no silence', async () => {
    await write({ 'hosts.ini': '[shop]\ndb1\n', 'group_vars/shop.yml': 'ansible_user: ops\n' });
    const asOther = async <T>(work: () => Promise<T>): Promise<T> => {
      // Root may read everything, so here root reads as another account.
      const root = process.geteuid?.() === 0;
      if (root) process.seteuid?.(65_534);
      try {
        return await work();
      } finally {
        if (root) process.seteuid?.(0);
      }
    };
    await chmod(folder, 0o755);
    await chmod(join(folder, 'group_vars/shop.yml'), 0);
    expect(await asOther(problems)).toEqual([
      'group_vars/shop.yml:1:1 this file of variables cannot be read (EACCES), make it readable, or take it away',
    ]);
    await chmod(join(folder, 'group_vars'), 0);
    expect(await asOther(problems)).toEqual([
      'group_vars:1:1 this file of variables cannot be read (EACCES), make it readable, or take it away',
    ]);
  });

  test('are not looked at for hosts.yaml', async () => {
    await write({ 'group_vars/all.yml': '- no variables\n' });
    await write({ 'hosts.yaml': 'hosts: { all: {} }\n' });
    expect(
      await loadInventory({ flag: 'hosts.yaml', environment: { HOME: '/home/ops' }, workingDirectory: folder }),
    ).toMatchObject({
      ok: true,
    });
  });
});
