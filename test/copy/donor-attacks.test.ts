// A hostile donor: each attack that it made on a target is run against the target's own scripts. It gains nothing
// beyond the content of the data, and every difference from the list is found.
import { execFile } from 'node:child_process';
import { chmod, chown, link, lstat, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { execa } from 'execa';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { scriptText } from '../../src/scripts/script.ts';
import { listenerWords } from '../../src/scripts/seed-channel-words.ts';
import { receiveWords } from '../../src/scripts/seed-data-words.ts';
import { type PeerKind, wayWords } from '../../src/scripts/seed-way-words.ts';
import { readSeedFacts } from '../../src/seed/facts.ts';
import { readListener, readPeerKey } from '../../src/seed/transfer/channel/peer-key.ts';
import { type Receiving, receiving } from './receiving.ts';
import { account } from './staging.ts';

const run = promisify(execFile);
let target: Receiving;
beforeEach(async () => {
  target = await receiving();
});
afterEach(() => target.end());

const folder = '0\td\t750\t0\t0\tshop';
const file = '1\tf\t640\t0\t5\tshop/t1.ibd';
const end = 'end\t1\t1\t5';
const good = [folder, file, end];
const absent = (path: string) => expect(lstat(path)).rejects.toThrow('ENOENT');

describe('a list', () => {
  test('of the right form is taken', async () => {
    expect(await target.list(good)).toMatchObject({ exitCode: 0 });
    expect(await readdir(target.arriving)).toEqual(['shop']);
    expect(await lstat(join(target.arriving, 'shop'))).toMatchObject({ uid: account.uid, mode: 0o40750 });
  });

  const cron = '/etc/cron.d/reseed-test-attack';
  test.each<[string, readonly string[]]>([
    ['whose line begins with a tab, so that other fields are read', [folder, `\t1\tf\t640\t0\t5\t${cron}`, end]],
    ['with a field more', [folder, `${file}\tx`, end]],
    ['with an absolute name', [folder, `1\tf\t640\t0\t5\t${cron}`, end]],
    ['with a name that leads out', [folder, '1\tf\t640\t0\t5\tshop/../../x', end]],
    ['with a name of the folder itself', [folder, '1\tf\t640\t0\t5\tshop/./x', end]],
    ['with a folder that leads out', ['0\td\t777\t0\t0\t../../../tmp/reseed-test-attack', file, end]],
    ['with an absolute folder', ['0\td\t777\t0\t0\t/tmp/reseed-test-attack', file, end]],
    ['with a setuid file', [folder, '1\tf\t4755\t0\t5\tshop/t1.ibd', end]],
    ['with a folder that its account could not enter', ['0\td\t000\t0\t0\tshop', file, end]],
    ['with a device', [folder, '1\tb\t640\t0\t5\tshop/t1.ibd', end]],
    ['with a file in a folder that is not listed', [file, end]],
    ['with a file below a file', [folder, file, '1\tf\t640\t0\t5\tshop/t1.ibd/x', 'end\t1\t2\t10']],
    ['with a file twice', [folder, file, file, 'end\t1\t2\t10']],
    ['with a range behind a file that ends', [folder, '1\tr\t640\t9\t5\tshop/t1.ibd', end]],
    ['with a number that is none', [folder, '1\tf\t640\t0\t0x5\tshop/t1.ibd', end]],
    ['with a task out of its turn', [folder, '7\tf\t640\t0\t5\tshop/t1.ibd', 'end\t7\t1\t5']],
    ['with a control character in a name', [folder, '1\tf\t640\t0\t5\tshop/\u001b[2J', end]],
    ['with an empty line', [folder, '', file, end]],
    ['that makes the old server’s settings anew', ['1\tf\t640\t0\t5\tmysqld-auto.cnf', end]],
    ['that lays a folder of a job', ['0\td\t700\t0\t0\t.reseed-ffff', '1\tf\t640\t0\t5\t.reseed-ffff/phase', end]],
    ['that has no end', [folder, file]],
    ['with something behind its end', [...good, 'sh']],
    ['of nothing', ['end\t0\t0\t0']],
  ])('%s is refused, and nothing is made', async (_, lines) => {
    expect(await target.list(lines)).toMatchObject({ exitCode: 3 });
    expect(await readdir(target.arriving)).toEqual([]);
    for (const made of ['tasks', 'folders', 'files']) await absent(join(target.known, made));
    await absent(cron);
    await absent('/tmp/reseed-test-attack');
  });

  test('that never ends is refused, in a part of the memory that is there', async () => {
    const disk = join(target.base, 'small');
    await mkdir(disk);
    await run('mount', ['-t', 'tmpfs', '-o', 'size=8m', 'reseed-test', disk]);
    try {
      const { datadir } = target;
      const words = [
        'seed-receive.sh',
        ...receiveWords({ datadir, job: '0badcafe', owner: account.name, folder: join(disk, 'have') }),
      ];
      const { exitCode, stderr } = await execa(
        'sh',
        [
          '-c',
          'yes "$1" | SSH_ORIGINAL_COMMAND=list sh -c "$0" "$@"',
          await scriptText('seed-receive'),
          ...words.slice(0),
        ],
        { reject: false, timeout: 60_000 },
      );
      expect({ exitCode, stderr }).toMatchObject({ exitCode: 3, stderr: expect.stringMatching(/more than \d+ bytes/) });
    } finally {
      await run('umount', ['-l', disk]);
    }
  });
});

/** A tar of the files that `make` leaves in a folder, with the given names. */
async function tarOf(make: (folder: string) => Promise<unknown>, ...names: string[]): Promise<Uint8Array> {
  const made = await mkdtemp(join(tmpdir(), 'reseed-tar-'));
  try {
    await make(made);
    const { stdout } = await execa('tar', ['-cf', '-', '-C', made, ...names], { encoding: 'buffer' });
    return stdout;
  } finally {
    await rm(made, { recursive: true });
  }
}

describe('a tar', () => {
  beforeEach(async () => {
    const two = ['1\tf\t640\t0\t5\tshop/t1.ibd', '1\tf\t640\t0\t5\tshop/t2.ibd'];
    expect(await target.list([folder, ...two, 'end\t1\t2\t10'])).toMatchObject({ exitCode: 0 });
  });
  const names = ['shop/t1.ibd', 'shop/t2.ibd'];
  const write = async (made: string, one: string) => {
    await writeFile(join(made, one), 'rows!');
    await chmod(join(made, one), 0o640);
  };
  const plain = async (made: string) => {
    await mkdir(join(made, 'shop'));
    for (const one of names) await write(made, one);
  };

  test('of what the list says lands', async () => {
    expect(await target.sent('tasks none 1', await tarOf(plain, ...names))).toMatchObject({ stdout: 'landed 1' });
    expect(await lstat(join(target.arriving, 'shop/t1.ibd'))).toMatchObject({ uid: account.uid, mode: 0o100640 });
  });

  test('that lays a link to a folder of root, and writes through it, writes nothing there', async () => {
    const victim = join(target.base, 'victim');
    await mkdir(victim, { mode: 0o777 });
    const laid = await tarOf(
      async (made) => {
        await mkdir(join(made, 'shop'));
        await symlink(victim, join(made, 'shop/t1.ibd'));
        await write(made, 'shop/t2.ibd');
      },
      ...names,
    );
    const through = await tarOf(async (made) => {
      await mkdir(join(made, 'shop/t1.ibd'), { recursive: true });
      await write(made, 'shop/t1.ibd/authorized_keys2');
    }, 'shop');
    for (const tar of [laid, through]) {
      const { stdout, exitCode } = await target.sent('tasks none 1', tar);
      expect({ stdout, exitCode }).toEqual({ stdout: '', exitCode: 1 });
    }
    expect(await readdir(victim)).toEqual([]);
    await absent(join(target.arriving, 'shop/t1.ibd'));
  });

  test.each<[string, (made: string) => Promise<unknown>]>([
    ['a setuid file', (made) => chmod(join(made, 'shop/t1.ibd'), 0o4755)],
    ['a wrong mode', (made) => chmod(join(made, 'shop/t1.ibd'), 0o666)],
    [
      'a fifo',
      async (made) => {
        await rm(join(made, 'shop/t1.ibd'));
        await run('mkfifo', [join(made, 'shop/t1.ibd')]);
      },
    ],
    [
      'a device',
      async (made) => {
        await rm(join(made, 'shop/t1.ibd'));
        await run('mknod', [join(made, 'shop/t1.ibd'), 'c', '1', '1']);
      },
    ],
    [
      'a second name of a file',
      async (made) => {
        await rm(join(made, 'shop/t1.ibd'));
        await link(join(made, 'shop/t2.ibd'), join(made, 'shop/t1.ibd'));
      },
    ],
    ['a file that is too large', (made) => writeFile(join(made, 'shop/t1.ibd'), 'x'.repeat(100_000))],
    ['a hole of a terabyte', (made) => run('truncate', ['-s', '1T', join(made, 'shop/t1.ibd')])],
    ['a file too few', (made) => writeFile(join(made, 'shop/t1.ibd'), '')],
  ])('with %s does not land', async (_, change) => {
    const tar = await (async () => {
      const made = await mkdtemp(join(tmpdir(), 'reseed-tar-'));
      try {
        await plain(made);
        await change(made);
        return (await execa('tar', ['-cSf', '-', '-C', made, ...names], { encoding: 'buffer' })).stdout;
      } finally {
        await rm(made, { recursive: true });
      }
    })();
    const { stdout, exitCode } = await target.sent('tasks none 1', tar);
    expect({ stdout, exitCode }).toEqual({ stdout: '', exitCode: 1 });
    await absent(join(target.arriving, 'shop/t1.ibd'));
    expect(await readdir(join(target.known, 'landed'))).toEqual([]);
  });

  test('with a file more leaves it out', async () => {
    const tar = await tarOf(
      async (made) => {
        await plain(made);
        await writeFile(join(made, 'shop/more'), 'x');
      },
      ...names,
      'shop/more',
    );
    await target.sent('tasks none 1', tar);
    expect((await readdir(join(target.arriving, 'shop'))).toSorted()).toEqual(['t1.ibd', 't2.ibd']);
  });
});

test('a tar with absolute names and names that lead out writes nothing there, whatever the list has', async () => {
  expect(await target.list(good)).toMatchObject({ exitCode: 0 });
  const victim = join(target.base, 'victim');
  await mkdir(victim, { mode: 0o777 });
  const made = join(target.base, 'a', 'b');
  await mkdir(made, { recursive: true });
  for (const name of [`${victim}/absolute`, '../../victim/out', 'shop/../../../victim/deep']) {
    await mkdir(join(made, 'shop'), { recursive: true });
    await writeFile(join(made, 'plain'), 'rows!', { mode: 0o640 });
    // The name is written into the tar as it is, in place of the file's own.
    const { stdout } = await execa('tar', ['-cPf', '-', '-C', made, `--transform=s|plain|${name}|`, 'plain'], {
      encoding: 'buffer',
    });
    expect(Buffer.from(stdout).toString('latin1')).toContain(name);
    expect(await target.sent('tasks none 1', stdout)).toMatchObject({ stdout: '', exitCode: 1 });
  }
  expect(await readdir(victim)).toEqual([]);
  expect(await readdir(join(target.arriving, 'shop'))).toEqual([]);
});

describe('the folder of the job', () => {
  beforeEach(async () => {
    expect(await target.list(good)).toMatchObject({ exitCode: 0 });
  });

  test('that the account has put a link in the place of is not written to', async () => {
    const victim = join(target.base, 'victim');
    await mkdir(victim, { mode: 0o700 });
    await target.asAccount(`mv .reseed-0badcafe gone && ln -s ${victim} .reseed-0badcafe`);
    expect(await target.sent('tasks none 1', 'x')).toMatchObject({ exitCode: 3 });
    expect(await readdir(victim)).toEqual([]);
  });

  test('in which the account has laid a link is written to with its rights alone', async () => {
    const secret = join(target.base, 'secret');
    await writeFile(secret, 'of root', { mode: 0o600 });
    await rm(join(target.arriving, 'shop'), { recursive: true });
    await target.list([folder, '1\tr\t640\t0\t5\tshop/t1.ibd', end]);
    await symlink(secret, join(target.arriving, 'shop/t1.ibd'));
    expect((await target.sent('tasks none 1', 'rows!whole 1\n')).exitCode).not.toBe(0);
    expect(await readFile(secret, 'utf8')).toBe('of root');
  });
});

describe('the comparison sees', () => {
  const sums = '1\t1385560014 5 shop/t1.ibd\nend\t1\n';
  const t1 = () => join(target.arriving, 'shop/t1.ibd');
  const put = async (path: string, content = 'rows!') => {
    await writeFile(path, content);
    await chmod(path, 0o640);
    await chown(path, account.uid, account.gid);
  };
  beforeEach(async () => {
    expect(await target.list(good)).toMatchObject({ exitCode: 0 });
    await put(t1());
    await writeFile(join(target.known, 'landed', '1'), '');
  });
  const rightSum = async () => {
    const { stdout } = await execa('cksum', ['shop/t1.ibd'], { cwd: target.arriving });
    return `1\t${stdout}\nend\t1\n`;
  };

  test('what is as it was sent', async () => {
    expect(await target.compared(await rightSum())).toMatchObject({ exitCode: 0, stdout: 'compared 1 5' });
  });

  test('another content', async () => {
    const { stdout } = await target.compared(sums);
    expect(stdout).toBe('differs 1 shop/t1.ibd\ncompared 1 5');
    expect(await readdir(join(target.known, 'landed'))).toEqual([]);
  });

  test.each<[string, string, (make: typeof put) => Promise<unknown>]>([
    ['a file more', 'extra 1 shop/more', (make) => make(join(target.arriving, 'shop/more'), 'x')],
    ['a folder more', 'extra folder more', () => mkdir(join(target.arriving, 'more'))],
    ['a link', 'extra link shop/more', () => symlink('/etc/passwd', join(target.arriving, 'shop/more'))],
    ['a fifo', 'extra fifo shop/more', () => run('mkfifo', [join(target.arriving, 'shop/more')])],
    ['a device', 'extra device shop/more', () => run('mknod', [join(target.arriving, 'shop/more'), 'c', '1', '3'])],
    [
      'a fifo in the place of a file',
      'wrong fifo, not file: shop/t1.ibd',
      async () => {
        await rm(t1());
        await run('mkfifo', [t1()]);
      },
    ],
    [
      'a link in the place of a file',
      'wrong link, not file: shop/t1.ibd',
      async () => {
        await rm(t1());
        await symlink('/etc/passwd', t1());
      },
    ],
    ['another mode', 'wrong mode 4755, not 640: shop/t1.ibd', () => chmod(t1(), 0o4755)],
    ['another owner', 'wrong owner root:root, not nobody:nogroup: shop/t1.ibd', () => chown(t1(), 0, 0)],
    ['another mode of a folder', 'wrong mode 777, not 750: shop', () => chmod(join(target.arriving, 'shop'), 0o777)],
    ['a second name', 'wrong 2 names, not 1: shop/t1.ibd', () => link(t1(), join(target.base, 'second'))],
    [
      'a name with a new line',
      'extra 0 shop/a?compared 1 5',
      (make) => make(join(target.arriving, 'shop/a\ncompared 1 5'), ''),
    ],
  ])('%s', async (_, line, change) => {
    const right = await rightSum();
    await change(put);
    const { stdout } = await target.compared(right);
    expect(stdout.split('\n')).toContain(line);
  });

  test('a file that is lacking', async () => {
    const right = await rightSum();
    await rm(t1());
    const { stdout } = await target.compared(right);
    expect(stdout).toContain('lacks 5 shop/t1.ibd');
  });

  test('checksums that have another form: they are refused', async () => {
    for (const wrong of ['../x\t1 2\nend\t1\n', '2\t1 2\nend\t1\n', '1\tx\nend\t1\n', '1\t1 2\n', '1\t1 2\nend\t2\n']) {
      expect(await target.compared(wrong)).toMatchObject({ exitCode: 3 });
    }
    await absent(join(target.known, 'sums'));
  });
});

const sshKey = `ssh-ed25519 AAAAC3NzaC1lZDI1NTE5${'A'.repeat(48)}`;

describe('a key of a donor', () => {
  const openWith = async (peers: string, kind: PeerKind, after = 'true\n#mark\n') => {
    const args = [
      '-c',
      await scriptText('seed-way'),
      'seed-way.sh',
      ...wayWords('open', target.base, { kind, mark: 'mark' }),
    ];
    return execa('sh', args, { input: `${Buffer.from(peers).toString('base64')}\n${after}`, reject: false });
  };
  const wrong: [string, 'ssh' | 'tls' | 'plain', string][] = [
    ['with an empty line and commands', 'ssh', `${sshKey} reseed\n\nid >/tmp/reseed-test-attack\n#mark`],
    ['with options', 'ssh', `command="id" ${sshKey} reseed`],
    ['with another comment', 'ssh', `${sshKey} reseed x`],
    ['with a control character', 'ssh', `${sshKey} reseed\u0000`],
    ['of another type', 'ssh', 'ssh-rsa AAAA reseed'],
    ['that is no certificate', 'tls', 'not a certificate'],
    ['that is a certificate and more', 'tls', `${'A'.repeat(100)}\n#`],
    ['that is no word', 'plain', '$(id)'],
    ['that is a letter short', 'ssh', `${sshKey.slice(0, -1)} reseed`],
    ['that is a letter long', 'ssh', `${sshKey}A reseed`],
    ['that is short of a certificate', 'tls', 'A'.repeat(39)],
    ['that is a digit short', 'plain', '0'.repeat(31)],
    ['that is nothing', 'ssh', ''],
  ];

  test.each(wrong)('%s is refused by this machine', (_, kind, text) => {
    expect(readPeerKey(kind, `${text}\n`)).toBeUndefined();
  });

  test.each(wrong)('%s is refused by the target', async (_, kind, text) => {
    expect(await openWith(`${text}\n`, kind)).toMatchObject({ exitCode: 3 });
    await absent(join(target.base, 'listener', 'peer'));
  });

  test('of the right form is taken, and what comes after it is the script', async () => {
    expect(readPeerKey('ssh', `${sshKey} reseed\n`)).toBe(`${sshKey} reseed`);
    expect(await openWith(`${sshKey} reseed\n`, 'ssh')).toMatchObject({ exitCode: 0 });
    expect(await readFile(join(target.base, 'listener', 'receive'), 'utf8')).toBe('true\n#mark\n');
  });
});

test('where a target says that it listens is a port and a key, or nothing', () => {
  expect(readListener(`21000 ${sshKey}\n`)).toEqual({ port: 21_000, known: sshKey });
  for (const said of [`0 ${sshKey}`, `99999 ${sshKey}`, `22 ProxyCommand id`, `22\n${sshKey}`, `22 ${sshKey}\nx`, '']) {
    expect(readListener(said)).toBeUndefined();
  }
});

describe('the address that a donor says it calls from', () => {
  const routeOf = (address: string) => readSeedFacts(`machine x\ndatadir /d\nroute db3 ${address}\n`)?.routes.db3;

  test.each(['10.0.0.7', 'fd00::7'])('%s is one', (address) => {
    expect(routeOf(address)).toBe(address);
  });
  test.each(['10.0.0.7,bind=1!!SYSTEM:id', '10.0.0.7 root', '*', '10.0.0.0/8', 'db1', 'fe80::1%eth0'])(
    '%s is none',
    async (address) => {
      expect(routeOf(address)).toBe('');
      const listening = { folder: target.base, address: '127.0.0.1', first: 21_990, last: 21_999 };
      for (const [script, kind] of [
        ['seed-ssh', undefined],
        ['seed-socat', 'tls'],
      ] as const) {
        const words = listenerWords({ ...listening, kind, callers: [address] });
        const args = ['-c', await scriptText(script), `${script}.sh`, ...words];
        expect(await execa('sh', args, { reject: false, timeout: 30_000 })).toMatchObject({
          exitCode: 3,
          stderr: `no address to be called from: ${address}`,
        });
      }
    },
  );
});
