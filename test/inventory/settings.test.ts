import { describe, expect, test } from 'vitest';
import { formatProblem, parseInventory } from '../../src/inventory/inventory.ts';
import { notDoneRefusal } from '../../src/job/plan/refusal.ts';
import { environment, hostOf, inventoryOf } from './reading.ts';

const practice = `
fleet: practice
defaults:
  ssh: { user: root, identity: ~/.ssh/id_ed25519, knownHosts: ~/.ssh/known_hosts }
  mysql: { }
  snapshot: { size: 10%, keep: 3, maxQuerySeconds: 30 }
  seed: { method: lvm, channel: ssh, ports: 21000-21099 }
  commands:
    restart: { run: systemctl restart mysql, help: Restart the server, dangerous: true }
clusters:
  shop: { ssh: { port: 2222 }, labels: { tier: 1, team: web } }
hosts:
  db1: { cluster: shop, datacenter: ams, ssh: { host: 10.77.0.11 } }
  db2:
    cluster: shop
    ssh: { host: 10.77.0.12, user: ops, jump: db1, transport: openssh }
    mysql: { service: mysqld@3306, defaultsFile: /etc/my.cnf, socket: /run/my.sock, errorLog: /var/log/my.err }
    snapshot: { volume: /dev/vg0/mysql, size: 5G, filter: "reseed-*", mountRoot: /mnt//snaps/./, keep: 0, free: 20%, least: 2 }
    seed: { bandwidth: 50M, ports: 21000-21000 }
    commands: { restart: systemctl restart mysqld@3306, top: { run: top -b -n 1 } }
    labels: { tier: 2 }
    readOnly: true
  db3:
`;

describe('a host of hosts.yaml', () => {
  test('has what the defaults, its cluster and itself say', () => {
    expect(hostOf(practice, 'db1')).toEqual({
      name: 'db1',
      cluster: 'shop',
      datacenter: 'ams',
      ssh: {
        host: '10.77.0.11',
        port: 2222,
        user: 'root',
        identity: '/home/ops/.ssh/id_ed25519',
        knownHosts: '/home/ops/.ssh/known_hosts',
        transport: 'auto',
      },
      sudo: false,
      mysql: {},
      snapshot: { size: { percent: 10 }, keep: { last: 3 }, maxQuerySeconds: 30 },
      seed: { method: ['lvm'], channel: 'ssh', ports: { first: 21000, last: 21099 } },
      commands: { restart: { run: 'systemctl restart mysql', help: 'Restart the server', dangerous: true } },
      hooks: {},
      labels: { tier: '1', team: 'web' },
      readOnly: false,
      notDone: [],
    });
  });

  test('overrules its cluster and the defaults, setting by setting', () => {
    const gib = 1024 ** 3;
    expect(hostOf(practice, 'db2')).toMatchObject({
      ssh: { port: 2222, user: 'ops', jump: { kind: 'inventory', host: 'db1' }, transport: 'openssh' },
      sudo: true,
      mysql: {
        service: 'mysqld@3306',
        defaultsFile: '/etc/my.cnf',
        socket: '/run/my.sock',
        errorLog: '/var/log/my.err',
      },
      snapshot: {
        volume: 'vg0/mysql',
        size: { bytes: 5 * gib },
        filter: 'reseed-*',
        mountRoot: '/mnt/snaps',
        keep: { last: 0 },
        free: { percent: 20 },
        least: 2,
      },
      seed: { method: ['lvm'], bandwidthBytesPerSecond: 50 * 1024 ** 2, ports: { first: 21000, last: 21000 } },
      hooks: {},
      labels: { tier: '2', team: 'web' },
      readOnly: true,
    });
  });

  test('that changes what a dangerous command runs leaves it dangerous', () => {
    expect(hostOf(practice, 'db2').commands).toEqual({
      restart: { run: 'systemctl restart mysqld@3306', help: 'Restart the server', dangerous: true },
      top: { run: 'top -b -n 1' },
    });
  });

  test('with nothing but a name is reached by that name, and has no key that is null', () => {
    const host = hostOf('hosts:\n  db1:\n  db2: { datacenter: , mysql: ~, ssh: { port: null } }', 'db2');
    expect(host).toStrictEqual({
      name: 'db2',
      ssh: { host: 'db2', transport: 'auto' },
      sudo: true,
      mysql: {},
      snapshot: {},
      seed: {},
      commands: {},
      hooks: {},
      labels: {},
      readOnly: false,
      notDone: [],
    });
  });

  test('may be called what the operator likes, as long as its address is one', () => {
    const names = ['my db', 'it\'s "here"', '$(touch x)', '123', 'été', '`id`'];
    const lines = names.map((name, index) => `  ${JSON.stringify(name)}: { ssh: { host: 10.0.0.${index} } }\n`);
    expect(inventoryOf(`hosts:\n${lines.join('')}`).hosts.map(({ name }) => name)).toEqual(names);
  });

  test('keeps values as they are written, not as YAML would read them', () => {
    const host = hostOf(
      'hosts: { 010: { ssh: { host: 0x1F }, datacenter: 1e3, labels: { v: 8.0, none: "" } } }',
      '010',
    );
    expect(host).toMatchObject({ ssh: { host: '0x1F' }, datacenter: '1e3', labels: { v: '8.0', none: '' } });
  });

  test('takes over what an anchor or a merge key repeats', () => {
    const text =
      'defaults: &d { ssh: { port: 7 } }\nclusters: { c: { <<: [*d], sudo: false } }\nhosts: { a: { cluster: c } }';
    expect(hostOf(text, 'a')).toMatchObject({ ssh: { port: 7 }, sudo: false });
  });

  test('is read-only in a read-only fleet, whatever it says itself', () => {
    expect(inventoryOf('readOnly: true\nhosts: { a: { readOnly: false } }')).toMatchObject({
      readOnly: true,
      hosts: [{ readOnly: true }],
    });
  });

  test.each([
    ['ops@bastion.example:2222', { kind: 'ssh', destination: 'ops@bastion.example:2222' }],
    ['outer,ops@inner:22', { kind: 'ssh', destination: 'outer,ops@inner:22' }],
    ['root@[2001:db8::1]:22', { kind: 'ssh', destination: 'root@[2001:db8::1]:22' }],
    ['"my gate"', { kind: 'inventory', host: 'my gate' }],
    ['none', undefined],
  ])('goes through %s', (written, jump) => {
    const text = `defaults: { ssh: { jump: gate } }
hosts:
  my gate: { ssh: { host: gate, jump: none } }
  a:
    ssh:
      jump: ${written}`;
    expect(hostOf(text, 'a').ssh.jump).toEqual(jump);
  });
});

describe('the fleet', () => {
  test('is named in the header as the file says, else after the file', () => {
    expect(inventoryOf(practice).fleet).toBe('practice');
    expect(inventoryOf('hosts: { a: }', '/etc/reseed/shop.eu.yaml').fleet).toBe('shop.eu');
    expect(inventoryOf('hosts: { a: }', '.hosts').fleet).toBe('.hosts');
  });

  test('keeps its hosts in the order of the file, behind a byte order mark too', () => {
    expect(inventoryOf('\uFEFFhosts: { b: , a: , 10: , 9: }').hosts.map(({ name }) => name)).toEqual([
      'b',
      'a',
      '10',
      '9',
    ]);
  });
});

describe('a path on this machine', () => {
  const identity = (written: string, environment: Record<string, string>) => {
    const text = `hosts: { a: { ssh: { identity: ${JSON.stringify(written)} } } }`;
    const result = parseInventory(text, { fileName: 'hosts.yaml', environment });
    if (result.ok) return result.inventory.hosts[0]?.ssh.identity;
    return result.problems.map(({ what, instead }) => `${what}, ${instead}`).join('\n');
  };
  const home = { HOME: '/home/ops' };

  test.each([
    ['~', '/home/ops'],
    ['~/.ssh/id', '/home/ops/.ssh/id'],
    ['$HOME/id', '/home/ops/id'],
    ['$' + '{HOME}_b/id', '/home/ops_b/id'],
    ['$' + '{XDG_STATE_HOME:-~/.local/state}/reseed/id', '/home/ops/.local/state/reseed/id'],
    ['/keys/~/id', '/keys/~/id'],
  ])('%s is %s', (written, path) => {
    expect(identity(written, { ...home, XDG_STATE_HOME: '' })).toBe(path);
  });

  test('takes a variable that is set over its default', () => {
    expect(identity('$' + '{XDG_STATE_HOME:-~/x}/id', { ...home, XDG_STATE_HOME: '/state' })).toBe('/state/id');
    expect(identity('$XDG_STATE_HOME/id', { ...home, XDG_STATE_HOME: '/$HOME/~' })).toBe('/$HOME/~/id');
  });

  test.each([
    ['$NOPE/id', home, 'set NOPE or write $' + '{NOPE:-default}: it is not set'],
    ['~/id', {}, 'write the path in full: $HOME is not set'],
    ['id', home, 'write the whole path, from / or from ~/'],
    ['~root/id', home, 'write the whole path, from / or from ~/'],
    ['/x/$(touch x)', home, 'write variables as $NAME or $' + '{NAME:-default}'],
  ])('%s is refused', (written, environment, instead) => {
    expect(identity(written, environment)).toBe(`ssh.identity is ${JSON.stringify(written)}, ${instead}`);
  });
});

describe('what hosts.yaml may ask for and reseed does not do yet', () => {
  const text = `clusters:
  shop:
    commands: { top: top -b, clean: /opt/clean }
hosts:
  db1:
    cluster: shop
    commands:
      clean: /opt/other
  db2: { seed: { method: lvm } }
`;
  test('is reported at its place, and the inventory is read: status and log need none of it', () => {
    const result = parseInventory(text, { fileName: 'hosts.yaml', environment });
    if (!result.ok) throw new Error(result.problems.map(formatProblem).join('\n'));
    expect(result.notes.map(formatProblem)).toEqual([
      'hosts.yaml:8:7 commands.clean is not run: this reseed has no command in the place of what reseed does for clean, take it out: with it clean is refused on this host',
    ]);
    expect(hostOf(text, 'db1').notDone.map(({ setting }) => setting)).toEqual(['clean']);
    expect(hostOf(text, 'db2').notDone).toEqual([]);
  });

  test('is refused by the verbs that it is about, with file, line and column', () => {
    const host = hostOf(text, 'db1');
    expect(notDoneRefusal(host, ['clean'])).toMatchObject({
      message:
        'db1: commands.clean is not run: this reseed has no command in the place of what reseed does for clean (hosts.yaml:8:7)',
      advice: 'take it out: with it clean is refused on this host',
    });
    expect(notDoneRefusal(host, ['start'])).toBeUndefined();
    expect(notDoneRefusal(hostOf(text, 'db2'), ['clean'])).toBeUndefined();
  });
});
