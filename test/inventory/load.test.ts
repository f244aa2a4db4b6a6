import { chmod, chown, mkdir, mkdtemp, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { formatProblem, insideDrill, inventoryCandidates, loadInventory } from '../../src/inventory/inventory.ts';
import { writableByOthers } from '../../src/process/writers.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reseed-inventory-'));
  await mkdir(join(folder, 'here'));
  await mkdir(join(folder, 'config', 'reseed'), { recursive: true });
});
afterEach(() => rm(folder, { recursive: true }));

const write = (path: string, content: string | Buffer) => writeFile(join(folder, path), content);

/** The fleet that was found, or the problems, with the folder's name left out. */
async function found(flag?: string, more: Record<string, string> = {}): Promise<string> {
  const environment = { HOME: '/nowhere', XDG_CONFIG_HOME: join(folder, 'config'), ...more };
  const result = await loadInventory({ flag, environment, workingDirectory: join(folder, 'here') });
  return result.ok ? result.inventory.fleet : result.problems.map(formatProblem).join('\n').replaceAll(folder, '');
}
const fleet = (name: string) => `fleet: ${name}\nhosts: { db1: }\n`;

describe('the inventory is looked for', () => {
  test('by --inventory, then $RESEED_INVENTORY, then here, then in the configuration', async () => {
    await write('config/reseed/hosts.yaml', fleet('config'));
    expect(await found()).toBe('config');
    await write('here/hosts.yaml', fleet('here'));
    expect(await found()).toBe('here');
    await write('named.yaml', fleet('variable'));
    expect(await found(undefined, { RESEED_INVENTORY: '../named.yaml' })).toBe('variable');
    await write('flag.yaml', fleet('flag'));
    expect(await found(join(folder, 'flag.yaml'), { RESEED_INVENTORY: '../named.yaml' })).toBe('flag');
  });

  test('in the folder of reseed itself, where the practice fleet is, only if there is no other', async () => {
    await write('here/hosts.yaml', fleet('practice'));
    await mkdir(join(folder, 'here/bin'));
    await write('here/bin/reseed.js', '');
    expect(await found()).toBe('practice');
    await write('config/reseed/hosts.yaml', fleet('config'));
    expect(await found()).toBe(
      "hosts.yaml is the practice fleet's, in the folder of reseed itself, and /config/reseed/hosts.yaml is there too, go to another folder, or name one of them: --inventory hosts.yaml, --inventory /config/reseed/hosts.yaml",
    );
    expect(await found('hosts.yaml')).toBe('practice');
    // What drill exec runs.
    expect(await found(undefined, { [insideDrill]: '1' })).toBe('practice');
  });

  test('nowhere else once it is named', async () => {
    await write('here/hosts.yaml', fleet('here'));
    const instead = 'name a file with hosts in it that you may read';
    expect(await found('shop.yaml')).toBe(`shop.yaml does not exist (--inventory names it), ${instead}`);
    expect(await found(undefined, { RESEED_INVENTORY: '/no/shop.yaml' })).toBe(
      `/no/shop.yaml does not exist ($RESEED_INVENTORY names it), ${instead}`,
    );
    expect(await found('')).toBe('--inventory names no file, write the path of an inventory');
  });

  test('nor found anywhere: every place that was tried is named', async () => {
    expect(await found()).toBe(
      'hosts.yaml no inventory found: neither hosts.yaml nor /config/reseed/hosts.yaml exists, write one, or name one with --inventory',
    );
  });

  test('in ~/.config where $XDG_CONFIG_HOME is unset, empty or relative', () => {
    for (const configured of [undefined, '', 'config']) {
      const environment = { HOME: '/home/ops', XDG_CONFIG_HOME: configured, RESEED_INVENTORY: '' };
      expect(inventoryCandidates({ environment, workingDirectory: '/srv' })).toEqual([
        { path: '/srv/hosts.yaml', shown: 'hosts.yaml' },
        { path: '/home/ops/.config/reseed/hosts.yaml', shown: '/home/ops/.config/reseed/hosts.yaml' },
      ]);
    }
  });
});

describe('a file that cannot be an inventory', () => {
  const instead = 'name a file with hosts in it that you may read';

  test('is a directory, here as well: nothing else is taken in its place', async () => {
    await write('config/reseed/hosts.yaml', fleet('config'));
    await mkdir(join(folder, 'here', 'hosts.yaml'));
    expect(await found()).toBe(`hosts.yaml is a directory, ${instead}`);
  });

  test('may not be read', async () => {
    await write('here/hosts.yaml', fleet('here'));
    await chmod(join(folder, 'here', 'hosts.yaml'), 0);
    // Root may read everything, so here root reads as another account.
    const root = process.geteuid?.() === 0;
    if (root) process.seteuid?.(65_534);
    try {
      expect(await found()).toBe(`hosts.yaml cannot be read: permission denied, ${instead}`);
    } finally {
      if (root) process.seteuid?.(0);
    }
  });

  test('is too large, and an endless device is too', async () => {
    await write('here/hosts.yaml', Buffer.alloc(4 * 1024 * 1024 + 1, '#'));
    const complaint = 'is larger than 4 MiB, name an inventory: a thousand hosts take some 200 kB';
    expect(await found()).toBe(`hosts.yaml ${complaint}`);
    expect(await found('/dev/zero')).toBe(`/dev/zero ${complaint}`);
  });

  test('is not UTF-8: the first wrong byte is shown', async () => {
    await write('here/hosts.yaml', Buffer.from('hosts:\n  été: {}\n  d\xe9: {}\n', 'latin1'));
    expect(await found()).toBe('hosts.yaml:2:3 this is not UTF-8, save the file as UTF-8');
  });

  test('has mistakes: they are reported with the name by which the operator knows the file', async () => {
    await write('shop.yaml', 'hosts:\n  db1: { sudo: maybe }\n');
    expect(await found('../shop.yaml')).toBe('../shop.yaml:2:16 sudo is "maybe", write true or false');
  });
});

describe('an inventory that another account can change is refused, with what to do', () => {
  beforeEach(() => write('here/hosts.yaml', fleet('shop')));
  const here = () => join(folder, 'here');
  const file = () => join(here(), 'hosts.yaml');

  test('one that all can write; one that its group shares is read', async () => {
    await chmod(file(), 0o666);
    expect(await found()).toBe('hosts.yaml can be written by other accounts (mode 666), chmod o-w /here/hosts.yaml');
    await chmod(file(), 0o664);
    expect(await found()).toBe('shop');
  });

  test('one in a folder in which all can put another in its place; a sticky one is no such folder', async () => {
    await chmod(here(), 0o777);
    expect(await found()).toBe(
      'hosts.yaml lies in /here, which can be written by other accounts (mode 777), chmod o-w /here',
    );
    await chmod(here(), 0o1777);
    expect(await found()).toBe('shop');
    await chmod(here(), 0o775);
    expect(await found()).toBe('shop');
  });

  test('one of another account, or that leads into a folder of one; not of the account that called sudo', async () => {
    await chown(file(), 4242, 4242);
    const uid = process.getuid?.();
    expect(await found()).toBe(`hosts.yaml belongs to another account (uid 4242), chown ${uid} /here/hosts.yaml`);
    expect(writableByOthers(file(), { group: 'allowed', uid: 0, sudoUid: 4242 })).toBeUndefined();
    expect(writableByOthers(file(), { group: 'allowed', uid: 4242 })).toBeUndefined();
    expect(writableByOthers(file(), { group: 'allowed', uid: 0, programUid: 4242 })).toBeUndefined();
    await chown(file(), 0, 0);
    await mkdir(join(folder, 'theirs'));
    await rename(file(), join(folder, 'theirs', 'hosts.yaml'));
    await chown(join(folder, 'theirs'), 4242, 4242);
    await symlink(join(folder, 'theirs', 'hosts.yaml'), file());
    expect(await found()).toMatch(/^hosts.yaml lies in \/theirs, which belongs to another account \(uid 4242\)/);
  });

  test('and variables beside it that all can write', async () => {
    await mkdir(join(here(), 'group_vars'));
    await write('here/hosts.ini', '[shop]\ndb1\n');
    await write('here/group_vars/shop.yml', 'ansible_user: ops\n');
    await chmod(join(here(), 'group_vars', 'shop.yml'), 0o666);
    expect(await found('hosts.ini')).toContain('can be written by other accounts (mode 666)');
  });
});
