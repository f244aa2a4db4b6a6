import { describe, expect, test } from 'vitest';
import { seedMethods } from '../../src/inventory/settings.ts';
import { complaints } from './reading.ts';

const example = 'hosts: { db1: { ssh: { host: 10.0.0.11 } } }';

describe('a file without hosts', () => {
  test.each([
    ['', '1:1 the file is empty'],
    ['# nothing but\n# comments\n', '1:1 the file is empty'],
    ['fleet: shop\n', '1:1 hosts is missing'],
    ['hosts:\n', '1:1 hosts has no host in it'],
    ['fleet: x\nhosts: {}\n', '2:1 hosts has no host in it'],
  ])('%j', (text, complaint) => {
    expect(complaints(text)).toEqual([`hosts.yaml:${complaint}, write ${example}`]);
  });

  test('says how to write hosts that are a list, and a file that is none of a map', () => {
    expect(complaints('hosts:\n  - db1\n  - db2\n')).toEqual([
      `hosts.yaml:2:3 hosts is a list, write a map from name to settings: ${example}`,
    ]);
    expect(complaints('db1\n')).toEqual([`hosts.yaml:1:1 the file is "db1", write a map: ${example}`]);
    expect(complaints('- db1\n')).toEqual([`hosts.yaml:1:1 the file is a list, write a map: ${example}`]);
    expect(complaints('hosts: db1\nclusters: [shop]\n')).toEqual([
      `hosts.yaml:1:8 hosts is "db1", write a map from name to settings: ${example}`,
      'hosts.yaml:2:11 clusters is a list, write a map from name to settings: clusters: { shop: {} }',
    ]);
  });
});

describe('broken YAML', () => {
  test.each([
    ['hosts:\n\tdb1: {}\n', '2:1 broken YAML: Tabs are not allowed as indentation, indent with blanks'],
    ['hosts: { a: }\n---\nx: y\n', '2:1 a second document starts here, write one: no --- but at the top'],
    [
      'hosts:\n  db1: { ssh: { port: 1 }\n  db2: {}\n',
      '3:3 broken YAML: Flow map in block collection must be sufficiently indented and end with a }, write it as deep as its neighbours, and close every { and [',
    ],
    [
      'hosts: { a: { datacenter: @x } }\n',
      '1:27 broken YAML: Plain value cannot start with reserved character @, write the value in quotes',
    ],
  ])('%j', (text, complaint) => {
    expect(complaints(text)).toEqual([`hosts.yaml:${complaint}`]);
  });

  test('points to the quote that was left open, not to the end of the file', () => {
    expect(complaints('hosts:\n  db1:\n    datacenter: "ams\n  db2:\n  db3: {}\n')).toEqual([
      'hosts.yaml:3:17 the quote that opens here is never closed, close it on the same line',
    ]);
  });

  test('does not hide mistakes above it, and invents none below', () => {
    expect(complaints('hosts:\n  db1: { ssh: { port: 0 } }\n  db2: { cluster: x }\n\tdb3:\n  db4: { y: z }\n')).toEqual(
      [
        'hosts.yaml:2:23 ssh.port is "0", write a whole number from 1 to 65535',
        'hosts.yaml:4:1 broken YAML: Tabs are not allowed as indentation, indent with blanks',
      ],
    );
  });

  test('is said once for a file of brackets, and aliases cannot make the file grow without end', () => {
    expect(complaints('- '.repeat(100_000)).join()).toMatch(
      /^hosts\.yaml:1:\d+ this is nested too deeply, write fewer levels$/,
    );
    expect(complaints(`hosts: ${'['.repeat(70)}${']'.repeat(70)}`)).toContain(
      'hosts.yaml:1:72 this is nested too deeply, write at most 64 levels',
    );
    const lines = [...'bcdefghi'].map((name, index) => `${name}: &${name} [${`*${'abcdefgh'[index]}, `.repeat(9)}]\n`);
    expect(complaints(`a: &a [x, x, x, x, x, x, x, x, x]\n${lines.join('')}`)).toContain(
      'hosts.yaml:7:8 *f makes the file too large, write the values themselves',
    );
  });

  test('names an alias that refers to nothing, or to a node around it', () => {
    expect(complaints('hosts: { a: *x }\n')).toEqual([
      'hosts.yaml:1:13 nothing above is marked &x, write &x in front of the value that *x repeats',
    ]);
    expect(complaints('hosts: &x { a: *x }\n')).toEqual([
      'hosts.yaml:1:16 nothing above is marked &x, write &x in front of the value that *x repeats',
    ]);
    expect(complaints('hosts: { a: }\n? [b]\n: c\n')).toEqual([
      'hosts.yaml:2:3 this key is not text, write a name, in quotes if it holds { } [ ] or ?',
    ]);
  });
});

test('doubled hosts are named with both places', () => {
  expect(complaints('hosts:\n  db1: {}\n  db2: {}\n  db1: { datacenter: ams }\n')).toEqual([
    'hosts.yaml:4:3 "db1" is written twice, first at 2:3, keep one of them',
  ]);
});

describe('a key that does not exist', () => {
  test('comes with the nearest that does', () => {
    const text =
      'fleat: x\nhosts:\n  db1: { ssh: { prot: 22, known_hosts: /x }, sudoo: true, commands: { a: { rn: x, run: y } } }\n';
    expect(complaints(text)).toEqual([
      'hosts.yaml:1:1 unknown key "fleat", did you mean fleet?',
      'hosts.yaml:3:17 unknown key "prot" in ssh, did you mean port?',
      'hosts.yaml:3:27 unknown key "known_hosts" in ssh, did you mean knownHosts?',
      'hosts.yaml:3:46 unknown key "sudoo", did you mean sudo?',
      'hosts.yaml:3:76 unknown key "rn" in commands.a, did you mean run?',
    ]);
  });

  test('is found with nothing behind it, where a comma cut a value in two', () => {
    expect(complaints('hosts:\n  a: { ssh: { jump: outer,ops@inner } }\n')).toEqual([
      'hosts.yaml:2:27 unknown key "ops@inner" in ssh, write one of host, port, user, identity, knownHosts, jump, transport',
    ]);
  });

  test('comes with its right place, or with all there are', () => {
    expect(complaints('hosts:\n  db1: { host: 10.0.0.1, seed: { rate: 1M } }\n')).toEqual([
      'hosts.yaml:2:10 unknown key "host", write it under ssh: ssh: { host: ... }',
      'hosts.yaml:2:34 unknown key "rate" in seed, write one of method, channel, ports, bandwidth, maxLagSeconds',
    ]);
  });
});

test('every value that cannot be is said at once, with what to write', () => {
  const text = `defaults:
  ssh: { port: 65536, transport: telnet, user: "-x" }
  snapshot: { size: 5, keep: -1, maxQuerySeconds: 1.5, volume: mysql, mountRoot: mnt }
clusters:
  shop: { seed: { method: rsync, channel: ftp, ports: 21099-21000, bandwidth: fast } }
hosts:
  db1: { cluster: shop, sudo: yes, readOnly: 1, ssh: { host: [a], port: 0x16 } }
  db2: { mysql: { socket: run/x, service: "-x" }, labels: { a: { b: c } }, commands: { x: {}, y: [[z]], z: "" } }
  db3: { seed: { ports: 0-10 }, snapshot: { size: 101%, free: 100%, least: 0 }, ssh: root }
`;
  expect(complaints(text)).toEqual([
    'hosts.yaml:2:16 ssh.port is "65536", write a whole number from 1 to 65535',
    'hosts.yaml:2:34 ssh.transport is "telnet", write one of auto, ssh2, openssh, local',
    'hosts.yaml:2:48 ssh.user is "-x", write a user name: no dash in front, no blanks, quotes or shell signs',
    'hosts.yaml:3:21 snapshot.size is "5", write a share of the origin as in 10%, at most 100%, or a size as in 5G',
    'hosts.yaml:3:30 snapshot.keep is "-1", write a whole number from 0 to 10000',
    'hosts.yaml:3:51 snapshot.maxQuerySeconds is "1.5", write a whole number from 0 to 86400',
    'hosts.yaml:3:64 snapshot.volume is "mysql", write the volume group and the logical volume as in vg0/mysql',
    'hosts.yaml:3:82 snapshot.mountRoot is "mnt", write the whole path on the host, from /',
    `hosts.yaml:5:27 seed.method is "rsync", write one of ${seedMethods.join(', ')}`,
    'hosts.yaml:5:43 seed.channel is "ftp", write one of ssh, relay, tls, plain',
    'hosts.yaml:5:55 seed.ports is "21099-21000", write the lowest and the highest port, each from 1 to 65535, as in 21000-21099',
    'hosts.yaml:5:79 seed.bandwidth is "fast", write the bytes in a second as in 50M',
    'hosts.yaml:7:31 sudo is "yes", write true or false',
    'hosts.yaml:7:46 readOnly is "1", write true or false',
    'hosts.yaml:7:62 ssh.host is a list, write one value here, not a map or a list',
    'hosts.yaml:7:73 ssh.port is "0x16", write a whole number from 1 to 65535',
    'hosts.yaml:8:27 mysql.socket is "run/x", write the whole path on the host, from /',
    'hosts.yaml:8:43 mysql.service is "-x", write the unit\'s name as in mysql or mysqld@3306',
    'hosts.yaml:8:64 labels.a is a map, write one value here, not a map or a list',
    'hosts.yaml:8:88 commands.x.run is missing, write run: [PROGRAM, ARGUMENT...]',
    'hosts.yaml:8:98 commands.y is a list, write [PROGRAM, ARGUMENT...], each a text that is not empty, or a command line for sh',
    'hosts.yaml:8:108 commands.z is "", write [PROGRAM, ARGUMENT...], each a text that is not empty, or a command line for sh',
    'hosts.yaml:9:25 seed.ports is "0-10", write the lowest and the highest port, each from 1 to 65535, as in 21000-21099',
    'hosts.yaml:9:51 snapshot.size is "101%", write a share of the origin as in 10%, at most 100%, or a size as in 5G',
    'hosts.yaml:9:63 snapshot.free is "100%", write a share of the volume group or thin pool as in 20%, below 100%, or a size as in 50G',
    'hosts.yaml:9:76 snapshot.least is "0", write a whole number from 1 to 10000',
    'hosts.yaml:9:86 ssh is "root", write a map here: key: value',
  ]);
});

describe('a name', () => {
  test.each([
    ['""', '"": it is blank, write a name'],
    ['" "', '" ": it is blank, write a name'],
    ['-rf', '"-rf": it would be read as an option, write it without the dash in front'],
    ['../etc', '"../etc": names become parts of paths, write it without /'],
    ['..', '"..": names become parts of paths, write another name'],
  ])('%s cannot be a host', (key, complaint) => {
    expect(complaints(`hosts:\n  ${key}: {}\n`)).toEqual([`hosts.yaml:2:3 a host cannot be named ${complaint}`]);
  });

  test.each(['my db', '$(touch x)', "'db1'", '`id`', 'db1;id'])('%s is no address', (name) => {
    expect(complaints(`hosts:\n  ${JSON.stringify(name)}: {}\n`)).toEqual([
      `hosts.yaml:2:3 ssh cannot take "${name}" for an address, write its address: ssh: { host: 10.0.0.11 }`,
    ]);
  });

  test.each(['-oProxyCommand=x', 'a b', '$(id)', 'a;b', 'root@a', ''])('%j cannot be ssh.host', (host) => {
    expect(complaints(`hosts:\n  a: { ssh: { host: ${JSON.stringify(host)} } }\n`)).toEqual([
      `hosts.yaml:2:21 ssh.host is "${host}", write a name or an address: no dash in front, no blanks, quotes or shell signs`,
    ]);
  });

  test.each([
    ['\\e[31m', '\\u{1b}[31m', 'U+001B'],
    ['a\\x7f', 'a\\u{7f}', 'U+007F'],
    ['a\\x9b', 'a\\u{9b}', 'U+009B'],
    ['a\\u202eb', 'a\\u{202e}b', 'U+202E'],
    ['a\\u2069', 'a\\u{2069}', 'U+2069'],
    ['a\\0', 'a\\u{0}', 'U+0000'],
    ['a\\u200e', 'a\\u{200e}', 'U+200E'],
  ])('holding the control character %s reaches no terminal', (written, shown, code) => {
    const rest = `"${shown}" holds the control character ${code}, write it without that character`;
    expect(complaints(`hosts:\n  "${written}": {}\n`)).toEqual([`hosts.yaml:2:3 ${rest}`]);
    expect(complaints(`hosts:\n  a: { datacenter: "${written}" }\n`)).toEqual([`hosts.yaml:2:20 ${rest}`]);
  });

  test('or a value over several lines says how to fold it', () => {
    expect(complaints('hosts:\n  a:\n    commands:\n      x: |\n        ls\n        id\n')).toEqual([
      'hosts.yaml:4:10 "ls\\u{a}id\\u{a}" holds the control character U+000A, write it on one line (">-" folds lines into one)',
    ]);
    expect(complaints('hosts:\n  __proto__: {}\n')).toEqual([
      'hosts.yaml:2:3 __proto__ cannot be a key, write another name',
    ]);
    expect(complaints(`hosts: { a: { datacenter: ${'x'.repeat(5000)} } }`)).toEqual([
      'hosts.yaml:1:27 this text has 5000 characters, write at most 4096',
    ]);
  });
});

test('an unknown cluster comes with the nearest, or with how to add it', () => {
  expect(complaints('clusters:\n  shop: {}\nhosts:\n  a: { cluster: shpo }\n  b: { cluster: billing }\n')).toEqual([
    'hosts.yaml:4:17 unknown cluster "shpo", did you mean shop?',
    'hosts.yaml:5:17 unknown cluster "billing", add it under clusters, as in clusters: { billing: {} }',
  ]);
});

describe('jump hosts', () => {
  test('that lead in a circle are named, once', () => {
    const text = `hosts:
  db0: { ssh: { jump: db1 } }
  db1: { ssh: { jump: db2 } }
  db2: { ssh: { jump: db1 } }
  db3: { ssh: { jump: db3 } }
`;
    expect(complaints(text)).toEqual([
      'hosts.yaml:3:23 jump hosts lead in a circle: db1 -> db2 -> db1, write jump: none for the one reached directly',
      'hosts.yaml:5:23 jump hosts lead in a circle: db3 -> db3, write jump: none for the one reached directly',
    ]);
  });

  test('of the defaults lead in a circle for the jump host itself', () => {
    expect(complaints('defaults: { ssh: { jump: gate } }\nhosts:\n  db1:\n  gate:\n')).toEqual([
      'hosts.yaml:1:26 jump hosts lead in a circle: gate -> gate, write jump: none for the one reached directly',
    ]);
  });

  test.each([
    ['my gat', 'did you mean my gate?'],
    ['-oProxyCommand=x', 'write the name of a host of this file, or user@host:port'],
    ['a:b:c:d:e:f', 'write the name of a host of this file, or user@host:port'],
    ['root@a:99999', 'write the name of a host of this file, or user@host:port'],
    ['a,,b', 'write the name of a host of this file, or user@host:port'],
  ])('%j is none that ssh could know', (jump, instead) => {
    const text = `hosts:\n  my gate: { ssh: { host: g } }\n  a: { ssh: { jump: "${jump}" } }\n`;
    expect(complaints(text)).toEqual([`hosts.yaml:3:21 unknown jump host "${jump}", ${instead}`]);
  });
});

test('two names for one machine are compared by address, port, user and jump', () => {
  const text = `defaults: { ssh: { user: root } }
hosts:
  db1: { ssh: { host: 10.0.0.1 } }
  db2: { ssh: { host: 10.0.0.1, port: 22 } }
  db3: { ssh: { host: 10.0.0.1, port: 2222 } }
  db4: { ssh: { host: 10.0.0.1, user: ops } }
  db5: { ssh: { host: 10.0.0.1, jump: db4 } }
  DB4: { ssh: { host: 10.0.0.2 } }
  db6: { ssh: { host: DB7 } }
  db7:
`;
  expect(complaints(text)).toEqual([
    'hosts.yaml:4:23 "db2" is the same machine as "db1" at 3:23 (root@10.0.0.1:22), write its own address, or keep one of them',
    'hosts.yaml:10:3 "db7" is the same machine as "db6" at 9:23 (root@db7:22), write its own address, or keep one of them',
  ]);
});

test('what many hosts share is wrong once', () => {
  expect(complaints('defaults: { sudo: maybe }\nhosts: { a: , b: , c: }\n')).toEqual([
    'hosts.yaml:1:19 sudo is "maybe", write true or false',
  ]);
});

test('an item of a list of seed methods that is none is said at its own place', () => {
  const hosts =
    'hosts:\n  db1: { seed: { method: [lvm, rsync] } }\n  db2: { seed: { method: [] } }\n  db3: { seed: { method: { a: b } } }\n';
  const [first, ...others] = complaints(hosts);
  expect(first).toMatch(/^hosts\.yaml:2:32 seed\.method\.1 is "rsync", write one of lvm, /);
  expect(others.map((one) => one.replace(/, write.*/, ''))).toEqual([
    'hosts.yaml:3:26 seed.method is an empty list',
    'hosts.yaml:4:26 seed.method is a map',
  ]);
});

test('an empty list of seed methods is said to be so, and one that is in the list twice at its place', () => {
  const [empty, twice] = complaints(
    'hosts:\n  db1: { seed: { method: [] } }\n  db2: { ssh: { host: x }, seed: { method: [lvm, lvm] } }\n',
  );
  expect(empty).toBe('hosts.yaml:2:26 seed.method is an empty list, write at least one, or leave the key out');
  expect(twice).toBe('hosts.yaml:3:50 seed.method.1 is "lvm", write each once: it is in the list already');
});

test.each([
  ['hosts: { db1: { ssh: { host: "10.3.0.14:22" } } }', 'write the port by itself: ssh: { host: 10.3.0.14, port: 22 }'],
  ['hosts: { db1: { ssh: { host: 10.3.0.300 } } }', 'write an address of four numbers from 0 to 255'],
  ['hosts: { db1: { ssh: { host: 10.3.0.014 } } }', 'without zeros in front'],
  [
    'clusters: { s: { hooks: { drain: { at: before-stop, run: [/d] } } } }\nhosts: { db1: { cluster: s, hooks: { drian: { refuses: false } } } }',
    'hooks.drian.run is missing, did you mean drain?',
  ],
  [
    'clusters: { s: { commands: { pin: { run: [/p] } } } }\nhosts: { db1: { cluster: s, commands: { pni: { deadline: 5 min } } } }',
    'commands.pni.run is missing, did you mean pin?',
  ],
  [
    'hosts: { db1: {} }\nnotify: { a: { to: command, run: ["/usr/local/bin/page --urgent"] } }',
    'write each word by itself, as in [/usr/local/bin/page, --urgent]',
  ],
  ['hosts: { db1: {} }\nnotify: { a: { to: command, run: ["curl https://x/s"] } }', 'write each word by itself'],
])('a slip that was told at night, or as another one, is told for what it is: %s', (text, told) => {
  expect(complaints(`${text}\n`).join('\n')).toContain(told);
});
