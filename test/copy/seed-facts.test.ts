// What seed-facts.sh reports of real folders. The units are as systemd described them on the practice fleet, and the
// server program replays a recorded mysqld's list of what it reads.
import { execFile } from 'node:child_process';
import { chmod, copyFile, mkdir, mkdtemp, readFile, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { probeArguments } from '../../src/host/probe.ts';
import { scriptText } from '../../src/scripts/script.ts';
import { factsWords } from '../../src/scripts/seed-facts-words.ts';
import { readSeedFacts, type SeedFacts } from '../../src/seed/facts.ts';
import type { ChangedPlace } from '../../src/seed/preflight/data/next-start.ts';
import { asideWords, donorPlaces, keptFiles, namedFiles, statePlaces } from '../../src/seed/target/state-places.ts';
import { aloneOnce } from '../alone.ts';

const run = promisify(execFile);
const recorded = (name: string) => readFile(new URL(`../fixtures/server-reads/${name}.txt`, import.meta.url), 'utf8');
let base: string;

beforeEach(async () => {
  started = '';
  base = await mkdtemp(join(tmpdir(), 'reseed-facts-'));
  // The server's account has to come by.
  await chmod(base, 0o755);
  await program(
    'systemctl',
    'case "$*" in "show -p LoadState --value"*) sed -n "s/^LoadState=//p" "$BASE/unit" ;; show\\ *) cat "$BASE/unit" ;; cat\\ *) cat "$BASE/unit-file" 2>/dev/null ;; *) exit 3 ;; esac',
  );
  await program('mysql', 'exit 1');
  await unit((await recorded('unit-instance')).replaceAll('User=mysql', 'User=daemon'));
  await serverSays({ datadir: join(base, 'data') });
});
afterEach(() => rm(base, { recursive: true }));

async function written(path: string, text: string): Promise<string> {
  const file = join(base, path);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, text);
  return file;
}
async function program(name: string, body: string): Promise<void> {
  await chmod(await written(`bin/${name}`, `#!/bin/sh\nBASE=${base}\n${body}\n`), 0o755);
}
const unit = (text: string) => written('unit', text.replaceAll('/usr/sbin/', `${base}/bin/`));

/** The server program: with any arguments, it prints this. Its arguments are recorded. */
async function serverSays(values: Readonly<Record<string, string>>): Promise<void> {
  const table = (await recorded('mysqld-help')).split('\n').map((line) => {
    const [name = ''] = line.split(' ');
    const value = values[name];
    return value === undefined ? line : `${name.padEnd(61)}${value}`;
  });
  await written('help', table.join('\n'));
  await written('words', '');
  await chmod(join(base, 'words'), 0o666);
  const said = 'case " $* " in *" --help "*) printf "%s\\n" "$(id -un)" "$@" >$BASE/words; cat $BASE/help ;; esac';
  await program('mysqld', said);
  await program('mariadbd', said);
}
const words = async () => (await readFile(join(base, 'words'), 'utf8')).trim().split('\n');

/** Shell text that starts a server. */
let started = '';
/** `sleep` under the name of a server works in the datadir while facts are asked. `opened`: files that it has open. */
async function serving(folder: string, ...opened: string[]): Promise<void> {
  const server = join(base, folder, 'mysqld');
  await copyFile('/bin/sleep', server);
  await chmod(server, 0o755);
  const files = opened.map((path, nth) => `${nth + 3}<"${path}"`).join(' ');
  started = `(cd "${base}/data" && exec "${server}" 600 </dev/null >/dev/null 2>&1 ${files}) &
    until [ "$(cat /proc/$!/comm)" = mysqld ]; do sleep 0.05; done`;
}

const wordsOf = (datadir: string, salt = '', more: Partial<Parameters<typeof factsWords>[0]> = {}) =>
  factsWords({ datadir, unit: 'mysqld@prod', isNamed: true, first: 21_000, last: 21_001, salt, peers: [], ...more });

/** A word may have 128 kB, and the script has more. */
async function inFile(text: string): Promise<string> {
  const file = join(base, 'script');
  await writeFile(file, text);
  return file;
}

async function factsOf(datadir = join(base, 'guess'), salt = ''): Promise<SeedFacts> {
  const env = {
    ...process.env,
    PATH: `${join(base, 'bin')}:${process.env.PATH}`,
    STARTED: started,
    RESEED_SCRIPT: await inFile(await scriptText('seed-facts')),
  };
  const args = ['. "$RESEED_SCRIPT"', 'seed-facts.sh', ...wordsOf(datadir, salt)];
  const { stdout } = await run('unshare', [...aloneOnce, ...args], { env });
  const facts = readSeedFacts(stdout);
  if (!facts) throw new Error(`not understood: ${stdout}`);
  return facts;
}

describe('of two servers on a host, of which the option file names one', () => {
  /** What is told of the unit of the host whose inventory has that option file. */
  async function answered(isNamed: boolean): Promise<string> {
    const env = {
      ...process.env,
      PATH: `${join(base, 'bin')}:${process.env.PATH}`,
      RESEED_SCRIPT: await inFile(await scriptText('seed-facts')),
    };
    const words = wordsOf(join(base, 'b'), '', { isNamed, defaultsFile: join(base, 'b.cnf') });
    const args = [...aloneOnce, '. "$RESEED_SCRIPT"', 'seed-facts.sh', ...words];
    return await run('unshare', args, { env }).then(
      ({ stdout }) => stdout,
      (error: { code: number; stderr: string }) => `${error.code}: ${error.stderr}`,
    );
  }

  test.each([
    [
      'says another datadir',
      'echo "--datadir=$BASE/b"',
      /^3: the unit mysqld@prod starts a server with its data in .*\/data, and .* has .*\/b; set mysql/,
    ],
    [
      'can not be read',
      'exit 127',
      /^3: whether the unit mysqld@prod, .*\/data, starts the server of .* is not known: there is no/,
    ],
  ])(
    'whose data is in another place than that of the unit: the seed of it replaced the data of the other one (it %s)',
    async (_, body, why) => {
      await program('my_print_defaults', body);
      expect(await answered(false)).toMatch(why);
      // A unit that the inventory names is its unit, whatever [mysqld] of a file for several says.
      expect(await answered(true)).toMatch(/^datadir .*\/data$/m);
    },
  );

  test('whose unit starts a server with its data there', async () => {
    await program('my_print_defaults', 'echo "--datadir=$BASE/data"');
    expect(await answered(false)).toMatch(/^datadir .*\/data$/m);
  });
});

describe('the program of a server', () => {
  const says = (version: string) =>
    `case "$*" in *--version*) echo "mysqld  Ver ${version} for Linux, as $(id -un)" ;; *) exec "$BASE/bin/said" "$@" ;; esac`;
  const unitOf = (path: string) =>
    unit(`LoadState=loaded\nExecStart={ path=${path} ; argv[]=${path} ; ignore_errors=no }\nUser=daemon\n`);
  beforeEach(async () => {
    await mkdir(join(base, 'data'));
    await run('chown', ['daemon:daemon', join(base, 'data')]);
    await copyFile(join(base, 'bin', 'mysqld'), join(base, 'bin', 'said'));
    await program('mysqld', says('8.0.43'));
    await program('../opt/8.4/bin/mysqld', says('8.4.6'));
  });

  test.each(['mysqld', 'mysqld_safe'])(
    'is that of its unit (%s), of a tarball or of another version than the one in PATH: it was refused as not installed, or judged by a version that it is not',
    async (name) => {
      await program('../opt/8.4/bin/mysqld_safe', 'exit 1');
      await unitOf(join(base, 'opt/8.4/bin', name));
      expect(await factsOf()).toMatchObject({
        // The tarball may be the account's: root runs nothing of it.
        program: 'mysqld  Ver 8.4.6 for Linux, as daemon',
        programPath: join(base, 'opt/8.4/bin/mysqld'),
      });
    },
  );

  test.each([
    ['mysqld_safe', 'root', /^$/],
    ['mysqld_safe', 'daemon', /: bin belongs to another account than root: chown it, .* or give its unit User=$/],
    ['mysqld', 'root', /^$/],
    ['mysqld', 'daemon', /: bin belongs to another account than root: chown it, .* or give its unit User=$/],
  ])(
    'is not run by root for a unit that root starts (%s), where the account of the server may replace it (folder of %s)',
    async (starts, owner, unread) => {
      await program('../opt/8.4/bin/mysqld_safe', 'exit 1');
      await program(
        '../opt/8.4/bin/mysqld',
        'id -un >>$BASE/ran; case " $* " in *" --print-defaults "*) echo --user=daemon ;; *) exec "$BASE/bin/said" "$@" ;; esac',
      );
      await chmod(await written('ran', ''), 0o666);
      await unitOf(join(base, 'opt/8.4/bin', starts));
      await unit((await readFile(join(base, 'unit'), 'utf8')).replace('User=daemon\n', ''));
      await run('chown', [owner, join(base, 'opt/8.4/bin')]);
      expect((await factsOf()).unread ?? '').toMatch(unread);
      const ran = (await readFile(join(base, 'ran'), 'utf8')).split('\n');
      expect(ran.includes('root')).toBe(owner === 'root');
    },
  );

  test('is asked in a folder that the group staff may write to, as /usr/local of Debian: its host was refused', async () => {
    await program(
      '../opt/8.4/bin/mysqld',
      'case " $* " in *" --print-defaults "*) echo --user=daemon ;; *) exec "$BASE/bin/said" "$@" ;; esac',
    );
    await unitOf(join(base, 'opt/8.4/bin/mysqld'));
    await unit((await readFile(join(base, 'unit'), 'utf8')).replace('User=daemon\n', ''));
    const staff = async (mode: string, group = 'staff') => {
      await run('chown', [`root:${group}`, join(base, 'opt')]);
      await run('chmod', [mode, join(base, 'opt')]);
    };
    await staff('2775');
    expect((await factsOf()).unread).toBeUndefined();
    await staff('2777');
    expect((await factsOf()).unread).toContain('other accounts can write to opt: chown it');
    await staff('2775', 'daemon');
    expect((await factsOf()).unread).toContain('other accounts can write to opt: chown it');
  });

  test.each([
    ['mysqld_safe', 'my_print_defaults'],
    ['mysqld', 'mysqld'],
  ])(
    'is unknown where option files of its unit (%s) can not be read to their end: it was judged as if they named no other, or asked for ever',
    async (starts, silent) => {
      await program('../opt/8.4/bin/mysqld_safe', 'exit 1');
      await program('my_print_defaults', 'exit 124');
      await program('../opt/8.4/bin/mysqld', 'exec sleep 60');
      await unitOf(join(base, 'opt/8.4/bin', starts));
      await unit((await readFile(join(base, 'unit'), 'utf8')).replace('User=daemon\n', ''));
      expect((await factsOf()).unread).toMatch(
        new RegExp(`${silent} did not say within \\d+ s what option files say$`),
      );
    },
  );

  test('is told with where its links lead and the volume of that: a server of a job may not see it', async () => {
    const [volume, link] = [join(base, 'volume'), join(base, 'opt/mysql')];
    await mkdir(volume);
    await symlink(volume, link);
    await unitOf(join(link, 'bin/mysqld'));
    started = `mount -t tmpfs none "${volume}" && mkdir "${volume}/bin" && cp "${base}/opt/8.4/bin/mysqld" "${volume}/bin"`;
    expect(await factsOf()).toMatchObject({
      programPath: join(link, 'bin/mysqld'),
      programFile: join(volume, 'bin/mysqld'),
      programMount: volume,
    });
  });

  test('that has no unit is the one that runs in its datadir', async () => {
    await unit('LoadState=not-found\n');
    await serving('opt/8.4');
    expect(await factsOf(join(base, 'data'))).toMatchObject({
      program: expect.stringMatching(/^sleep \(GNU coreutils\)/),
      programPath: join(base, 'opt/8.4/mysqld'),
    });
  });

  test('that has no unit and does not run is an installed one', async () => {
    await unit('LoadState=not-found\n');
    expect((await factsOf(join(base, 'data'))).program).toMatch(/^mysqld {2}Ver 8\.0\.43 /);
  });
});

test('a backup that runs is told, and one that another operator asks for its version is none', async () => {
  await mkdir(join(base, 'data'));
  await program('mariadb-backup', 'case " $* " in *" --late "*) sleep 600 ;; esac');
  const begun = (word: string) => `"${base}/bin/mariadb-backup" ${word} --late </dev/null >/dev/null 2>&1 &
    until [ "$(cat /proc/$!/comm)" = mariadb-backup ]; do sleep 0.05; done`;
  started = begun('--version');
  expect((await factsOf()).backupRuns).toEqual([]);
  started = begun('--backup');
  expect((await factsOf()).backupRuns).toEqual(['mariadb-backup']);
});

test('keys of a MariaDB are compared by digests that are of use to one seed only, read as the account of its server', async () => {
  await mkdir(join(base, 'data'));
  const secret = 'A7'.repeat(32);
  const of = async (text: string, salt: string) => {
    const file = await written('keys/file', text);
    await run('chown', ['-R', 'daemon:daemon', join(base, 'data'), file]);
    const help = await readFile(join(base, 'help'), 'utf8');
    const row = `${'file-key-management-filename'.padEnd(61)}${file}
`;
    await written('help', help.includes(row) ? help : help.replace(/^datadir /m, `${row}datadir `));
    return (await factsOf(undefined, salt)).keyDigests;
  };
  const digests = await of(`# keys\n1;${secret}\n 2;${'b8'.repeat(16)} # old\n`, 's1');
  expect(Object.keys(digests)).toEqual(['1', '2']);
  expect(JSON.stringify(digests).toLowerCase()).not.toContain(secret.toLowerCase());
  expect(await of(`1;${secret.toLowerCase()}\n`, 's1')).toEqual({ 1: digests[1] });
  expect((await of(`1;${secret}\n`, 's2'))[1]).not.toBe(digests[1]);
  expect((await of(`1;${'b8'.repeat(32)}\n`, 's1'))[1]).not.toBe(digests[1]);
  // A file that only root may read is not read through a name that a server gives.
  await run('chown', ['root:root', join(base, 'keys/file')]);
  await chmod(join(base, 'keys/file'), 0o600);
  expect((await factsOf(undefined, 's1')).keyDigests).toEqual({});
});

test('keys of a MariaDB are read as it reads them; a line that is not understood, or more than we read, tells none', async () => {
  const fragment = await readFile(new URL('../../src/scripts/keyrings.sh', import.meta.url), 'utf8');
  const reads = `${fragment}\nread_own() { file=$1; shift; "$@" -- "$file"; }`;
  const after = async (text: string, words: string) => {
    const { stdout } = await run('sh', ['-c', `${reads}\n${words}`, 'keyrings.sh', await written('keys', text)]);
    return stdout.trim().split('\n');
  };
  const keysOf = (text: string) => after(text, 'plain_keys "$1"');
  const secret = 'A7'.repeat(32);
  const good = `1;${secret}\n`;
  const read = `1;${secret.toLowerCase()}`;
  // With or without a newline at its end.
  expect(await keysOf(`# keys\n\n\t01;${secret} rotated in 2025\r\n2;${'b8'.repeat(16)}# old`)).toEqual([
    read,
    `2;${'b8'.repeat(16)}`,
  ]);
  const bad = ['2;abc', 'two;', `3;${secret}ab`, `0;${secret}`, `2 ;${secret}`, `5000000000;${secret}`, '2;\0'];
  for (const line of bad) expect([line, await keysOf(`${good}${line}\n`)]).toEqual([line, ['']]);
  const many = (count: number) => Array.from({ length: count }, (_, at) => `${at + 1};${secret}`).join('\n');
  expect(await keysOf(many(251))).toHaveLength(251);
  expect(await keysOf(many(600))).toEqual(['']);
  expect(await keysOf(`${good}${`# ${'old '.repeat(100)}\n`.repeat(170)}2;${secret}`)).toEqual(['']);
  // An encrypted file is not compared by its beginning only.
  const digestOf = (bytes: number) => after('x'.repeat(bytes), 'encrypted_digest s1 "$1" "$1"');
  expect(await digestOf(65_536)).toEqual([expect.stringMatching(/^key_file_digest [0-9a-f]{64}$/)]);
  expect(await digestOf(65_537)).toEqual(['']);
});

test.each([
  ['/opt/shop/start-db', '/opt/shop/start-db'],
  ['/bin/bash -c "mysqld >/dev/null 2>&1"', '/bin/bash -c "mysqld >/dev/null 2>&1"'],
  ['/usr/bin/mysqld_multi start 1', '/usr/bin/mysqld_multi start 1'],
  ['/usr/sbin/mysqld --user=mysql', undefined],
])('a unit that starts %s: whether it can be held back is told before a seed', async (command, unheld) => {
  await written('unit-file', `[Service]\nExecStart=${command}\n`);
  expect((await factsOf()).unheld).toBe(unheld);
});

test('a client that root may not run is told before a seed', async () => {
  expect((await factsOf()).unasked).toBeUndefined();
  await run('chown', ['daemon', join(base, 'bin/mysql')]);
  expect((await factsOf()).unasked).toBe(
    `${base}/bin/mysql would be run as root: mysql belongs to another account than root: chown it, and the folders on the way to it, to root`,
  );
});

test('a backup program is asked for its version as the account of the server: root ran that of a tarball, at each plan', async () => {
  await program(
    'xtrabackup',
    'id -un >>"$BASE/asked"; echo "xtrabackup version 8.4.0 based on MySQL server 8.4.0" >&2',
  );
  await written('asked', '');
  await run('chmod', ['666', join(base, 'asked')]);
  expect((await factsOf()).backupPrograms).toEqual({
    xtrabackup: 'xtrabackup version 8.4.0 based on MySQL server 8.4.0',
  });
  expect(await readFile(join(base, 'asked'), 'utf8')).not.toMatch(/^$|root/);
});

test('the keyring of a server that is down is found beside the program of its unit, which is in no PATH on RHEL', async () => {
  await written('data/ibdata1', 'x');
  const [inPath, elsewhere] = ['bin', 'libexec'].map((folder) => join(base, folder, 'mysqld')) as [string, string];
  await mkdir(dirname(elsewhere));
  await copyFile(inPath, elsewhere);
  await rm(inPath);
  await written('unit', (await readFile(join(base, 'unit'), 'utf8')).replaceAll(inPath, elsewhere));
  expect((await factsOf()).plugins).toEqual([]);
  await written('libexec/mysqld.my', '{ "components": "file://component_keyring_file" }');
  expect((await factsOf()).plugins).toEqual(['component_keyring_file']);
});

describe('keyrings of a server that runs', () => {
  const status = 'performance_schema.keyring_component_status';
  const manifest = '{ "components": "file://component_keyring_file" }';
  /** What it was asked by SQL. */
  const questions = () => readFile(join(base, 'questions'), 'utf8');

  beforeEach(async () => {
    await mkdir(join(base, 'data'));
    await program(
      'mysql',
      `printf '%s\\n' "$*" >>$BASE/questions
case "$*" in
  *'SHOW GLOBAL VARIABLES'*) printf 'datadir\\t%s\\n' "$BASE/data" ;;
  *${status}*) echo 'plugin component_keyring_file' ;;
esac`,
    );
  });

  test('a dry run leaves no MY-013712 in its error log: without a manifest it is not asked for a keyring component', async () => {
    const { plugins } = await factsOf();
    expect(plugins).toEqual([]);
    expect(await questions()).toContain('performance_schema.keyring_keys');
    expect(await questions()).not.toContain(status);
  });

  test.each(['bin/mysqld.my', 'data/mysqld.my'])('with a manifest in %s it is asked', async (path) => {
    await written(path, manifest);
    const { plugins } = await factsOf();
    expect(plugins).toEqual(['component_keyring_file']);
    expect(await questions()).toContain(status);
  });

  test.each([
    ['a file that only root may read', 'secret'],
    ['a file of the kernel that never ends', '/proc/kmsg'],
  ])(
    'a process called mysqld in the datadir has a link to %s for its manifest: root does not read it',
    async (_, to) => {
      await run('chown', ['daemon:daemon', join(base, 'data')]);
      await chmod(await written('secret', manifest), 0o600);
      await mkdir(join(base, 'theirs'));
      await serving('theirs');
      await symlink(join(base, to).replace(/.*(?=\/proc)/, ''), join(base, 'theirs', 'mysqld.my'));
      expect((await factsOf()).plugins).toEqual([]);
    },
    60_000,
  );
});

describe('of a server that is down', () => {
  test('the datadir is the one that its own program says, whatever the probe took it for', async () => {
    const facts = await factsOf();
    expect(facts.datadir).toBe(join(base, 'data'));
    expect(facts.unread).toBeUndefined();
  });

  test('the words of the unit, its instance and its environment reach the program, which runs as the account of the server', async () => {
    await written('default', '# here\nDATA="/srv/two"\n');
    await unit(
      (await recorded('unit-instance'))
        .replace('/etc/default/mysqld-prod', join(base, 'default'))
        .replace('User=mysql', 'User=daemon'),
    );
    await factsOf();
    expect(await words()).toEqual([
      'daemon',
      '--defaults-group-suffix=@prod',
      '--port=3307',
      '--relay-log=relay-prod',
      // systemd does not show that this is one word: the server would refuse it, so no fact is reported.
      '--init-file=/etc/my',
      'sql',
      '--datadir=/srv/two/mysql',
      '--verbose',
      '--help',
    ]);
  });

  test('a unit that goes through a shell, as MariaDB 11 installs it, is read', async () => {
    await unit((await recorded('unit-mariadb-11')).replace('User=mysql', 'User=daemon'));
    expect(await factsOf()).toMatchObject({ datadir: join(base, 'data') });
    expect(await words()).toEqual(['daemon', '--verbose', '--help']);
  });

  test('a server that is given another name than its own (ExecStart=@) is asked all the same', async () => {
    await unit(
      `LoadState=loaded\nExecStart={ path=${base}/bin/mysqld ; argv[]=mysqld-prod --port=3307 ; ignore_errors=no }\nUser=daemon\n`,
    );
    expect(await factsOf()).toMatchObject({ datadir: join(base, 'data') });
    expect(await words()).toEqual(['daemon', '--port=3307', '--verbose', '--help']);
  });

  test.each([
    [
      'whose words a shell computes',
      '/bin/sh -c D=`cat /x`; exec /usr/sbin/mysqld --datadir=$D',
      /computed by a shell: \$D/,
    ],
    ['that starts another program', '/opt/start-db.sh prod', /starts \/opt\/start-db.sh, which is no server/],
    ['that starts a server which is not there', '/opt/8.0/mysqld', /there is no \/opt\/8.0\/mysqld/],
  ])('no folder is guessed for a unit %s', async (_, command, why) => {
    await unit(`LoadState=loaded\nExecStart={ path=x ; argv[]=${command} ; ignore_errors=no }\nUser=daemon\n`);
    const facts = await factsOf();
    expect(facts.unread).toMatch(why);
    expect(facts.places).toEqual([]);
  });

  test('no folder is guessed where the program refuses its options, nor is what they are set to told', async () => {
    await program('mysqld', 'echo "mysqld: [ERROR] unknown variable \'report_passwrd=s3cret\'" >&2; exit 7');
    const { unread } = await factsOf();
    expect(unread).toContain("does not take its options: mysqld: [ERROR] unknown variable 'report_passwrd");
    expect(unread).not.toContain('s3cret');
  });

  test('nor for a unit that is masked, or that systemd does not know', async () => {
    await unit('LoadState=masked\n');
    expect((await factsOf()).unread).toMatch(/masked/);
    await unit('LoadState=not-found\n');
    expect((await factsOf()).unread).toMatch(/systemd knows no unit mysqld@prod/);
  });
});

describe('the probe', () => {
  /** Its report of one part, in a process namespace of its own, since this machine may run a server. */
  async function probed(part: string): Promise<string> {
    const env = { ...process.env, PATH: `${join(base, 'bin')}:${process.env.PATH}`, STARTED: started };
    const args = [await scriptText('probe'), 'probe.sh', ...probeArguments('mark', { service: 'mysqld@prod' })];
    const probing = run('unshare', [...aloneOnce, ...args], { env });
    probing.child.stdin?.end(`1 ${part}\n2 ${part}\n`);
    return (await probing).stdout;
  }

  test('has the datadir that a seed has, of a server that is down, and asks its program once', async () => {
    const counted = 'case " $* " in *" --help "*) echo x >>$BASE/words; cat $BASE/help ;; esac';
    await mkdir(join(base, 'data'));
    await program('mysqld', counted);
    const said = await probed('config disk');
    expect(said).toContain(`--datadir=${join(base, 'data')}\n`);
    expect(said.match(/TARGET=/g)).toHaveLength(2);
    expect(await words()).toEqual(['x']);
    expect((await factsOf()).datadir).toBe(join(base, 'data'));
  });

  test('has the port of a server that ends again and again, which no option file names', async () => {
    await mkdir(join(base, 'data'));
    await program('my_print_defaults', 'echo "--datadir=$BASE/data"; cat "$BASE/named" 2>/dev/null');
    await program('mysqld', 'case " $* " in *" --help "*) echo x >>$BASE/words; cat $BASE/help ;; esac');
    await serving('data');
    const port = async () => [...(await probed('server config')).matchAll(/^--port=.*$/gm)].map(([line]) => line);
    expect(await port()).toEqual(['--port=3306', '--port=3306']);
    expect(await words()).toEqual(['x']);
    // One that is named is the one: the program is not asked.
    await written('named', '--port=3399\n');
    await written('help', '');
    expect(await port()).toEqual(['--port=3399', '--port=3399']);
    // Of a server that answers, SQL has it.
    await written('named', '');
    await program('mysql', 'echo x');
    expect(await port()).toEqual([]);
  });

  test('guesses no folder where that can not be known: it says why', async () => {
    await unit('LoadState=masked\n');
    const said = await probed('config disk datadirSize');
    expect(said).not.toContain('/var/lib/mysql');
    expect(said).toMatch(/section disk\nwhere its data lies is unknown: the unit mysqld@prod is masked/);
    expect(said).toMatch(/section size\nwhere its data lies is unknown/);
  });
});

describe('a server that runs, whose option files were changed since its start', () => {
  /** Its variables are those of the practice fleet, with the data here. */
  const answers = (more: Readonly<Record<string, string>> = {}) => {
    const has = {
      datadir: `${base}/data/`,
      innodb_data_home_dir: '',
      innodb_data_file_path: 'ibdata1:12M:autoextend',
      innodb_directories: '',
      innodb_doublewrite_dir: '',
      innodb_log_group_home_dir: './',
      innodb_undo_directory: './',
      log_bin: 'ON',
      log_bin_basename: `${base}/logs/binlog`,
      log_bin_index: `${base}/logs/binlog.index`,
      relay_log: '',
      relay_log_basename: `${base}/data/old-relay-bin`,
      relay_log_index: `${base}/data/old-relay-bin.index`,
      tmpdir: '/tmp',
      replica_load_tmpdir: '/tmp',
      ...more,
    };
    const rows = Object.entries(has).map(([name, value]) => `${name}\t${value}`);
    return program(
      'mysql',
      `case "$*" in *"VARIABLES WHERE"*) cat <<'END' ;; *) exit 1 ;; esac\n${rows.join('\n')}\nEND`,
    );
  };
  /** The same, as its program prints them. */
  const reads = (more: Readonly<Record<string, string>> = {}) =>
    serverSays({
      datadir: `${base}/data/`,
      'log-bin': `${base}/logs/binlog`,
      'log-bin-index': 'binlog.index',
      'relay-log': `${hostname()}-relay-bin`,
      'relay-log-index': `${hostname()}-relay-bin.index`,
      ...more,
    });
  const next = async () => {
    const { nextStart } = await factsOf();
    const told = JSON.stringify(nextStart ?? null).replaceAll(base, '');
    return JSON.parse(told);
  };
  // As the recorded server has it in its option file.
  const same = { unknown: [], changed: [], values: { super_read_only: 'ON' } };
  beforeEach(async () => {
    await mkdir(join(base, 'data'));
    await mkdir(join(base, 'logs'));
    await answers();
    await reads();
  });

  test('and say the same in other words, is not told as changed', async () => {
    expect(await next()).toEqual(same);
    await symlink(join(base, 'data'), join(base, 'here'));
    await answers({
      innodb_undo_directory: `${base}/here`,
      innodb_log_group_home_dir: `${base}/data`,
      log_bin_index: `${base}/data/binlog.index`,
    });
    await reads({ 'innodb-undo-directory': './', datadir: `${base}/here/`, tmpdir: '(No default value)' });
    expect(await next()).toEqual(same);
  });

  test('in places, is reported with both places of each', async () => {
    await reads({
      'innodb-undo-directory': '/srv/undo/',
      'innodb-log-group-home-dir': 'redo',
      'innodb-doublewrite-dir': '/srv/dbl',
      'innodb-data-file-path': 'ibdata9:12M:autoextend',
      'log-bin': '(No default value)',
      'relay-log': '/srv/relay',
      'relay-log-index': 'relay.index',
      tmpdir: '/srv/tmp',
      'replica-load-tmpdir': '/srv/tmp',
    });
    expect((await next()).changed.toSorted((a: ChangedPlace, b: ChangedPlace) => (a.kind < b.kind ? -1 : 1))).toEqual([
      { kind: 'binlog', now: ['/logs/binlog'], next: [] },
      { kind: 'binlog-index', now: ['/logs/binlog.index'], next: [] },
      { kind: 'doublewrite', now: ['/data'], next: ['/srv/dbl'] },
      { kind: 'innodb-file', now: ['/data/ibdata1'], next: ['/data/ibdata9'] },
      { kind: 'redo', now: ['/data'], next: ['/data/redo'] },
      { kind: 'relaylog', now: ['/data/old-relay-bin'], next: ['/srv/relay'] },
      { kind: 'relaylog-index', now: ['/data/old-relay-bin.index'], next: ['/srv/relay.index'] },
      { kind: 'tmpdir', now: ['/tmp'], next: ['/srv/tmp'] },
      { kind: 'undo', now: ['/data'], next: ['/srv/undo'] },
    ]);
    await reads({ 'log-bin-index': '/srv/list' });
    expect((await next()).changed).toEqual([
      { kind: 'binlog-index', now: ['/logs/binlog.index'], next: ['/srv/list'] },
    ]);
    // With another datadir all of it would be elsewhere.
    await reads({ datadir: '/srv/data/', 'innodb-undo-directory': '/srv/undo/' });
    expect((await next()).changed).toEqual([{ kind: 'datadir', now: ['/data'], next: ['/srv/data'] }]);
  });

  test('or that has persisted another place (mysqld-auto.cnf), is reported too', async () => {
    const persisted = { mysql_static_variables: { innodb_undo_directory: { Value: '/srv/undo', Metadata: {} } } };
    await written('data/mysqld-auto.cnf', JSON.stringify({ Version: 2, ...persisted }));
    await run('chown', ['-R', 'daemon:daemon', join(base, 'data')]);
    expect(await next()).toEqual({ ...same, changed: [{ kind: 'undo', now: ['/data'], next: ['/srv/undo'] }] });
  });

  test('and whose program does not say what it reads, is unknown', async () => {
    await answers({ keyring_file_data: '/srv/keys' });
    expect(await next()).toEqual({ ...same, unknown: ['keyring'] });
    await program('mysqld', 'exit 7');
    expect((await next()).unread).toMatch(/does not take its options/);
  });
});

describe('every place where a server keeps state', () => {
  const aside = async () => (await factsOf()).places.map(({ kind, path }) => `${kind} ${path.replace(base, '')}`);

  test('is found outside of the datadir, with all links resolved', async () => {
    await mkdir(join(base, 'ssd', 'redo'), { recursive: true });
    await symlink(join(base, 'ssd'), join(base, 'fast'));
    await serverSays({
      datadir: join(base, 'data'),
      'innodb-log-group-home-dir': join(base, 'fast', 'redo'),
      'innodb-undo-directory': '../undo',
      'innodb-data-file-path': `ibdata1:12M;${base}/two/ibdata2:1G:autoextend`,
      'innodb-doublewrite-dir': 'dbl',
      'log-bin': join(base, 'logs', 'mysql-bin.log'),
      'log-bin-index': 'mysql-bin.index',
      'relay-log': join(base, 'logs', 'relay'),
      'relay-log-index': 'relay.index',
    });
    expect(await aside()).toEqual(
      expect.arrayContaining([
        'redo /ssd/redo',
        'undo /undo',
        'innodb-home /data',
        'innodb-file /data/ibdata1',
        'innodb-file /two/ibdata2',
        'doublewrite /data/#dbl',
        'binlog /logs/mysql-bin',
        'binlog-index /logs/mysql-bin.index',
        'relaylog /logs/relay',
        'relaylog-index /logs/relay.index',
        'relay-info /data/relay-log.info',
        'master-info /data/master.info',
      ]),
    );
    const facts = await factsOf();
    expect(
      asideWords(facts)
        .map((word) => word.replace(base, ''))
        .toSorted(),
    ).toEqual([
      'binlog-index=/logs/mysql-bin.index',
      'binlog=/logs/mysql-bin',
      'redo=/ssd/redo',
      'relaylog-index=/logs/relay.index',
      'relaylog=/logs/relay',
      'undo=/undo',
    ]);
    const refused = statePlaces(facts).filter(({ fate }) => fate === 'refused');
    expect(refused.map(({ path }) => path)).toEqual([join(base, 'two', 'ibdata2')]);
    const refusedDonor = donorPlaces(facts, { readsSnapshot: true }).filter(({ fate }) => fate === 'refused');
    expect(refusedDonor.map(({ kind }) => kind)).toEqual(['innodb-file', 'redo', 'undo']);
  });

  test('is the log of interrupted DDL of a MariaDB too: the new data got what a crash of the old had interrupted', async () => {
    const table = (await recorded('mysqld-help')).replace(
      /^log-error .*$/m,
      (line) => `log-ddl-recovery  ${base}/logs/ddl\n${line}`,
    );
    await writeFile(join(base, 'help'), table);
    const facts = await factsOf();
    expect(asideWords(facts)).toContain(`ddl-recovery=${base}/logs/ddl.log`);
  });

  describe('the index of logs whose option has another extension than .index', () => {
    const logs = () => join(base, 'logs');
    const indexes = ({ places }: SeedFacts) =>
      places.filter(({ kind }) => kind.endsWith('-index')).map(({ kind, path }) => `${kind} ${path.replace(base, '')}`);
    /** Reports the variables that a server with log_bin_index=names.lst reports: not the name of the file. */
    const answers = (...more: string[]) =>
      program(
        'mysql',
        `case "$*" in *"VARIABLES WHERE"*) printf '%s\\t%s\\n' datadir "$BASE/data" log_bin ON log_bin_basename "$BASE/logs/binlog" \
          log_bin_index "$BASE/logs/names.index" ${more.join(' ')} ;; *) exit 1 ;; esac`,
      );
    beforeEach(async () => {
      for (const name of ['data/ibdata1', 'logs/binlog.000001', 'logs/names.err']) await written(name, 'x');
      await written('logs/names.lst', `${logs()}/binlog.000001\n`);
      await run('chown', ['-R', 'daemon:daemon', join(base, 'data'), logs()]);
    });

    test('is the file that lists the logs, and goes aside with them', async () => {
      await answers();
      const facts = await factsOf();
      expect(indexes(facts)).toContain('binlog-index /logs/names.lst');
      expect(asideWords(facts)).toContain(`binlog-index=${logs()}/names.lst`);
    });

    test('is the one that the server has open, where an earlier server left another there', async () => {
      await written('logs/names.index', './binlog.000001\n');
      await run('chown', ['daemon:daemon', join(logs(), 'names.index')]);
      await answers();
      await serving('.', ...['names.lst', 'names.err'].map((name) => join(logs(), name)));
      expect(indexes(await factsOf())).toContain('binlog-index /logs/names.lst');
    });

    test('that the account of the server can not read is reported as that', async () => {
      await answers();
      expect((await factsOf()).shutIndexes).toEqual([]);
      await run('chown', ['root:root', join(logs(), 'names.lst')]);
      await chmod(join(logs(), 'names.lst'), 0o600);
      const { unindexed, shutIndexes } = await factsOf();
      expect(unindexed).toEqual([{ kind: 'binlog-index', path: join(logs(), 'names.index') }]);
      expect(shutIndexes).toEqual([{ kind: 'binlog-index', path: join(logs(), 'names.lst') }]);
    });

    test('is refused where two files list the logs and neither is open, and where none does', async () => {
      await answers();
      await written('logs/names.index', './binlog.000001\n');
      const refused = async () => statePlaces(await factsOf()).filter(({ fate }) => fate === 'refused');
      const place = { kind: 'binlog-index', path: join(logs(), 'names.index'), fate: 'refused' };
      expect(await refused()).toEqual([expect.objectContaining(place)]);
      await rm(join(logs(), 'names.index'));
      await rm(join(logs(), 'names.lst'));
      expect(await refused()).toEqual([expect.objectContaining(place)]);
      // Without logs there is nothing to list.
      await rm(join(logs(), 'binlog.000001'));
      expect(await refused()).toEqual([]);
    });

    test('of a server that is down is what its option says, with .index where that has no extension', async () => {
      const says = (name: string) =>
        serverSays({
          datadir: join(base, 'data'),
          'log-bin': join(logs(), 'binlog'),
          'log-bin-index': join(logs(), name),
        });
      await says('names.lst');
      expect(indexes(await factsOf())).toContain('binlog-index /logs/names.lst');
      await says('names');
      expect(indexes(await factsOf())).toContain('binlog-index /logs/names.index');
    });

    test('of a further channel tells its relay logs; binary logs named after the relay logs are none', async () => {
      // The first event of a log: at byte 21 a replica's has the flag 0x40. An encrypted one begins with another magic.
      const log = (flags: number, magic = 0xfe) =>
        Buffer.concat([Buffer.from([magic, 98, 105, 110]), Buffer.alloc(17, 1), Buffer.from([flags, 0])]);
      for (const [name, text] of [
        ['db-ch2', log(0x40)],
        ['db-bin', log(0)],
        ['db-old', log(0)],
        ['db-enc', log(0x40, 0xfd)],
        ['db-text', Buffer.alloc(23, 0x40)],
        ['db-empty', ''],
        ['db-cut', log(0x40).subarray(0, 20)],
      ] as const) {
        await written(`logs/${name}.000001`, '');
        await writeFile(join(logs(), `${name}.000001`), text);
        await written(`logs/${name}.index`, `./${name}.000001\n`);
      }
      await written('logs/db-none.index', '');
      await written('logs/db-lone.000007', '');
      await written('logs/db.index', './db.000002\n');
      await run('chown', ['-R', 'daemon:daemon', logs()]);
      await serverSays({
        datadir: join(base, 'data'),
        'log-bin': join(logs(), 'db-bin'),
        'log-bin-index': 'db-bin.index',
        'relay-log': join(logs(), 'db'),
        'relay-log-index': 'db.index',
      });
      const facts = await factsOf();
      const unsure = ['cut', 'empty', 'enc', 'none', 'text'].map((name) => `${logs()}/db-${name}.index`);
      expect(facts.unproved.toSorted()).toEqual(unsure);
      const others = ['lone', 'old', 'old.index', 'enc', 'enc.index', 'none.index'].map(
        (name) => `${logs()}/db-${name}`,
      );
      expect(facts.taken).toEqual(expect.arrayContaining(others));
      expect(facts.taken.filter((path) => path.includes('ch2') || path.includes('bin'))).toEqual([]);
      const words = asideWords(facts);
      expect(words.filter((word) => word.startsWith('relaylog')).toSorted()).toEqual(
        ['relaylog-index=db-ch2.index', 'relaylog-index=db.index', 'relaylog=db', 'relaylog=db-ch2'].map((word) =>
          word.replace('=', `=${logs()}/`),
        ),
      );
      // The index that the server has open is its own, whatever its logs look like (encrypted ones, for instance).
      await serving('.', join(logs(), 'db-old.index'));
      expect(asideWords(await factsOf())).toContain(`relaylog=${logs()}/db-old`);
    });

    test('of a further channel is found where the relay logs lie in the datadir, by one listing for all', async () => {
      await program('find', '[ "$1" != "$BASE/data" ] || echo >>"$BASE/finds"; exec /usr/bin/find "$@"');
      const listings = async () => {
        await rm(join(base, 'finds'), { force: true });
        const facts = await factsOf();
        return { facts, count: (await readFile(join(base, 'finds'), 'utf8')).length };
      };
      const channel = async (name: string) => {
        const log = Buffer.concat([Buffer.from([0xfe, 98, 105, 110]), Buffer.alloc(17, 1), Buffer.from([0x40, 0])]);
        await written(`logs/db-${name}.index`, `./db-${name}.000001\n`);
        await writeFile(join(base, 'data', `db-${name}.000001`), log);
      };
      await channel('ch2');
      const options = { 'relay-log': 'db', 'relay-log-index': join(logs(), 'db.index') };
      await serverSays({ datadir: join(base, 'data'), ...options });
      await run('chown', ['-R', 'daemon:daemon', join(base, 'data'), logs()]);
      const few = await listings();
      expect(asideWords(few.facts)).toContain(`relaylog-index=${logs()}/db-ch2.index`);
      for (let at = 0; at < 20; at++) await channel(`more${at}`);
      await run('chown', ['-R', 'daemon:daemon', join(base, 'data'), logs()]);
      const many = await listings();
      expect(asideWords(many.facts).filter((word) => word.startsWith('relaylog-index='))).toHaveLength(22);
      expect(many.count).toBe(few.count);
    });

    test('that is long is read at its beginning: it is no file that the account can not read', async () => {
      await answers();
      await truncate(join(logs(), 'names.err'), 400 * 2 ** 30);
      await rm(join(logs(), 'names.lst'));
      const { unindexed, shutIndexes } = await factsOf();
      expect(unindexed).toHaveLength(1);
      expect(shutIndexes).toEqual([]);
    });

    test('of relay logs is found too', async () => {
      await written('logs/relay.000002', 'x');
      await written('logs/relays.txt', './relay.000002\n');
      await run('chown', ['-R', 'daemon:daemon', logs()]);
      await answers('relay_log "$BASE/logs/relay"', 'relay_log_index "$BASE/logs/relays.index"');
      expect(indexes(await factsOf())).toContain('relaylog-index /logs/relays.txt');
    });
  });

  test('of a datadir that is a bind mount is a folder of its file system; one bind-mounted below it is reported', async () => {
    const volume = join(base, 'a volume');
    await mkdir(volume);
    await run('mount', ['-t', 'tmpfs', 'reseed-test', volume]);
    try {
      await written('a volume/mysql/#innodb_redo/#ib_redo1', 'x');
      await written('a volume/redo/#ib_redo1', 'x');
      await mkdir(join(base, 'data'));
      await run('mount', ['--bind', join(volume, 'mysql'), join(base, 'data')]);
      await run('mount', ['--bind', join(volume, 'redo'), join(base, 'data', '#innodb_redo')]);
      const facts = await factsOf();
      expect(facts.mounted).toEqual({ root: '/mysql', point: join(base, 'data') });
      expect(facts.mounts).toEqual([join(base, 'data', '#innodb_redo')]);
    } finally {
      await run('umount', [join(base, 'data', '#innodb_redo')]).catch(() => undefined);
      await run('umount', [join(base, 'data')]).catch(() => undefined);
      await run('umount', [volume]);
    }
  });

  test('outside of the datadir is counted, and told whether it lies on the volume of the datadir', async () => {
    const redo = join(base, 'redo');
    const undo = join(base, 'undo');
    await serverSays({ datadir: join(base, 'data'), 'innodb-log-group-home-dir': redo, 'innodb-undo-directory': undo });
    await written('data/ibdata1', 'twelve bytes');
    await written('data/#ib_16384_0.dblwr', 'twelve bytes');
    await written('redo/#innodb_redo/#ib_redo1', 'twelve bytes');
    await written('redo/notes', 'not of the server');
    await mkdir(undo);
    await run('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'reseed-test', undo]);
    try {
      await written('undo/undo_001', 'twelve bytes');
      await written('undo/extra.ibu', 'twelve bytes');
      const { outside, device, insideBytes, innodbFiles } = await factsOf();
      expect(outside).toMatchObject([
        { kind: 'redo', path: redo, entries: 1, bytes: 12, withDatadir: true, device },
        { kind: 'undo', path: undo, entries: 2, bytes: 24, withDatadir: false },
      ]);
      const [, { freeBytes = 0, device: other } = { device }] = outside;
      expect(freeBytes).toBeGreaterThan(1e6 - 16_384);
      expect(freeBytes).toBeLessThan(1024 ** 2);
      expect(other).not.toBe(device);
      expect(insideBytes).toEqual({ doublewrite: 12 });
      expect(innodbFiles).toEqual([{ path: join(base, 'data/ibdata1'), bytes: 12 }]);
    } finally {
      await run('umount', ['-l', undo]);
    }
  });

  describe('that a unit hides from this host', () => {
    const data = () => join(base, 'data');
    beforeEach(async () => {
      await written('data/ibdata1', '');
      await written('other/ibdata1', '');
      await serverSays({ datadir: data(), 'innodb-undo-directory': join(base, 'undo') });
      await mkdir(join(base, 'undo'));
    });
    const settings = async (...lines: string[]) => {
      await unit((await recorded('unit-instance')).replaceAll('User=mysql', 'User=daemon') + lines.join('\n'));
      return (await factsOf()).hidden.map(({ by, path }) => `${by} ${path.replace(base, '')}`);
    };

    test('by BindPaths= and others is reported for a server that is down: another folder got a ✔', async () => {
      const bound = `${join(base, 'other')}:${data()}:rbind`;
      expect(await settings(`BindPaths=/usr:/usr:rbind -${bound}`)).toEqual(['BindPaths /data']);
      expect(await settings(`BindReadOnlyPaths=/usr:${join(base, 'undo')}:rbind`)).toEqual(['BindReadOnlyPaths /undo']);
      expect(await settings(`TemporaryFileSystem=${base}:ro`)).toEqual([
        'TemporaryFileSystem /data',
        'TemporaryFileSystem /undo',
      ]);
      expect(await settings(`InaccessiblePaths=-${data()}/shop`)).toEqual(['InaccessiblePaths /data']);
      expect(await settings('PrivateTmp=yes')).toHaveLength(tmpdir() === '/tmp' ? 2 : 0);
    });

    test('is nothing where a folder is bound onto itself, or lies elsewhere', async () => {
      const same = `BindPaths=${data()}:${data()}:rbind ${join(base, 'undo')}:${join(base, 'undo')}:rbind`;
      expect(
        await settings(`TemporaryFileSystem=${base}:ro /var:ro`, same, 'PrivateTmp=no', 'ProtectHome=read-only'),
      ).toEqual([]);
      expect(await settings(`BindPaths=/usr:${data()}base:rbind`, 'InaccessiblePaths=', 'RootDirectory=')).toEqual([]);
    });

    test('is reported for a running server, whatever mounted it: the swap would be of another folder', async () => {
      await serving('.');
      started = `unshare -m sh -c 'mount --bind "$1/other" "$1/data" && cd "$1/data" && exec "$1/mysqld" 600 3<"$1/data/ibdata1"' sh "${base}" </dev/null >/dev/null 2>&1 &
        until [ "$(cat /proc/$!/comm)" = mysqld ]; do sleep 0.05; done`;
      expect((await factsOf()).hidden).toEqual([{ by: 'running', path: data() }]);
    });
  });

  test('outside of the datadir is counted by the exact names of the server; a link or a folder with such a name is reported', async () => {
    const [redo, undo] = [join(base, 'redo'), join(base, 'undo')];
    await serverSays({ datadir: join(base, 'data'), 'innodb-log-group-home-dir': redo, 'innodb-undo-directory': undo });
    await written('data/ibdata1', '');
    for (const name of ['redo/ib_logfile0', 'undo/undo_001', 'undo/undo_001.bak', 'undo/undo_2019_archive/notes']) {
      await written(name, 'twelve bytes');
    }
    await written('redo/ib_logfile0.before-upgrade/notes', 'twelve bytes');
    const kinds = { bytes: 12, entries: 1, withDatadir: true };
    const outside = [
      { kind: 'redo', path: redo, ...kinds },
      { kind: 'undo', path: undo, ...kinds },
    ];
    expect(await factsOf()).toMatchObject({ outside, unlike: [] });
    await written('undo/undo_002/notes', '');
    await symlink(join(base, 'data', 'ibdata1'), join(redo, 'ib_logfile1'));
    const unlike = [
      { kind: 'redo', path: join(redo, 'ib_logfile1') },
      { kind: 'undo', path: join(undo, 'undo_002') },
    ];
    expect(await factsOf()).toMatchObject({ outside, unlike });
  });

  test('has no binary log where that is switched off; where there is one, its files are counted wherever they lie', async () => {
    await serverSays({ datadir: join(base, 'data'), 'log-bin': '(No default value)' });
    expect((await aside()).filter((line) => line.startsWith('binlog'))).toEqual([]);
    await serverSays({ datadir: join(base, 'data'), 'log-bin': join(base, 'logs', 'bin') });
    for (const name of ['bin.000001', 'bin.1000002', 'bin.index', 'binx.000003', 'other.000004']) {
      await written(join('logs', name), 'twelve bytes');
    }
    expect((await factsOf()).binaryLogs).toEqual({ count: 2, bytes: 24, folder: join(base, 'logs') });
  });

  const madeByServer = [
    'ibdata1 ib_buffer_pool ib_logfile0 undo_001 undo001 #innodb_redo/#ib_redo6 #innodb_temp/temp_1.ibt #ib_16384_0.dblwr mysql.ibd aria_log_control',
    'aria_log.00000001 auto.cnf mysqld-auto.cnf server-key.pem ca-key.pem public_key.pem binlog.000001 binlog.index db3-relay-bin.1000000 db3.err db3.pid',
    'debian-10.11.flag mariadb_upgrade_info mysql_upgrade_history grastate.dat master.info multi-master.info relay-log.info tc.log ddl_recovery.log',
    'shop/orders.ibd shop/t#p#p0.ibd shop/db.opt shop/old.MYI shop/old_354.sdi shop/t.frm shop/#sql-1.ibd mysql/global_priv.MAD sys/sys_config.TRG',
  ].flatMap((line) => line.split(' '));
  const madeByOthers = [
    'my.cnf other.pem backup.sql dump/2024/a.sql ssl/server-key.pem shop/secret.pem shop/my.cnf shop/x.dat shop/shop.log backup/ibdata1',
    'backup/shop/orders.ibd notes.dat shop/binlog.000001',
  ].flatMap((line) => line.split(' '));

  test('what no MySQL made is found in its datadir at any depth, options, keys and tables of a backup among it', async () => {
    const datadir = join(base, 'data');
    for (const name of [...madeByServer, ...madeByOthers]) await written(join('data', name), '');
    // Each of the files, and the two places that should be folders and are not.
    const { strange, strangeCount } = await factsOf();
    expect(strangeCount).toBe(madeByOthers.length + ['dump/2024', 'backup/shop'].length);
    expect(strange).toHaveLength(3);
    for (const name of madeByOthers) await rm(join(datadir, name));
    for (const name of ['dump/2024', 'backup/shop']) await rm(join(datadir, name), { recursive: true });
    expect(await factsOf()).toMatchObject({ strange: [], strangeCount: 0 });
  });

  test('logs in a folder of their own in the datadir are no strangers there; what lies beside them is', async () => {
    const datadir = join(base, 'data');
    await serverSays({ datadir, 'log-bin': 'binlogs/mysql-bin', 'relay-log': 'relays/relay' });
    const logs =
      'binlogs/mysql-bin.000001 binlogs/mysql-bin.index binlogs/mysql-bin.state relays/relay.000002 relays/relay-b.000003 relays/relay.index';
    for (const name of logs.split(' ')) await written(join('data', name), '');
    expect(await factsOf()).toMatchObject({ strange: [], strangeCount: 0 });
    await written('data/binlogs/mysql-bin.d/backup.sql', '');
    await written('data/binlogs/notes.txt', '');
    expect((await factsOf()).strange.toSorted()).toEqual([
      'binlogs/mysql-bin.d',
      'binlogs/mysql-bin.d/backup.sql',
      'binlogs/notes.txt',
    ]);
  });

  test('a dump of a DBA that is named after the logs is a stranger, and is not deleted with the old data', async () => {
    await serverSays({ datadir: join(base, 'data'), 'log-bin': 'binlog', 'relay-log': 'relay' });
    const logs =
      'binlog.000001 binlog.000001.idx binlog.index binlog.index_crash_safe binlog.~rec~ relay.000002 relay-b.000003 relay-b.index relay-b.index_crash_safe relay-b.~rec~';
    for (const name of logs.split(' ')) await written(join('data', name), '');
    expect(await factsOf()).toMatchObject({ strange: [], strangeCount: 0 });
    const dumps = ['binlog.tar.gz', 'binlog-before-upgrade.sql.gz', 'relay-dump.sql'];
    for (const name of dumps) await written(join('data', name), '');
    expect((await factsOf()).strange.toSorted()).toEqual(dumps.toSorted());
  });

  test('a folder of a DBA that is named as a log, or as another file of the server, is none of the server’s: what lies in it was deleted', async () => {
    const datadir = join(base, 'data');
    await serverSays({
      ...{ datadir, 'log-bin': 'binlog', 'relay-log': 'logs/relay', 'general-log-file': 'logs/general' },
      'innodb-log-group-home-dir': 'redo',
    });
    const own = [
      'binlog.000001',
      'logs/relay.000001',
      'logs/general',
      'redo/ib_logfile0',
      'redo/#innodb_redo/#ib_redo7',
    ];
    for (const name of own) await written(join('data', name), '');
    expect(await factsOf()).toMatchObject({ strange: [], strangeCount: 0 });
    await rm(join(datadir, 'logs', 'general'));
    const dumps = [
      ['binlog', 'binlog/dump.sql'],
      ['logs/relay', 'logs/relay', 'logs/relay/dump.sql'],
      ['logs/general', 'logs/general', 'logs/general/dump.sql'],
      ['redo/dump.sql', 'redo/dump.sql'],
    ];
    for (const [whole = '', ...strange] of dumps) {
      await written(join('data', strange.at(-1) ?? ''), '');
      expect((await factsOf()).strange.toSorted()).toEqual(strange);
      await rm(join(datadir, whole), { recursive: true });
    }
  });

  test('a dump of a DBA whose name begins or ends as the server’s files do is a stranger too', async () => {
    await serverSays({ datadir: join(base, 'data') });
    const own = [
      ...[
        'ibdata1',
        'ibdata2',
        'ib_logfile0',
        'ib_buffer_pool',
        'ib_buffer_pool.incomplete',
        'ib_doublewrite',
        'ibtmp1',
      ],
      ...['ib_16384_0.dblwr', 'undo_001', 'undo001', 'undo_1_trunc.log', 'extra.ibu', 'mysql.ibd', 'aria_log.00000001'],
      ...[
        'aria_log_control',
        'ddl_recovery.log',
        'ddl_recovery-backup.log',
        'tc.log',
        'multi-master.info',
        'master-b.info',
      ],
      ...[
        'relay-log-b.info',
        'mysql_upgrade_history',
        'mariadb_upgrade_info',
        'mysql_upgrade_info',
        'debian-10.11.flag',
      ],
      ...[
        'xtrabackup_binlog_pos_innodb',
        'xtrabackup_info',
        'db3-relay-bin.000002',
        'old-bin.000001.idx',
        'old-bin.index',
      ],
      ...[
        'db3.err.1',
        'db3.err.2.gz',
        'db3.err-20261120.gz',
        'db3.err.00.json',
        'innodb_status.77',
        'core',
        'core.4711',
      ],
      ...['donor_galera_info', 'backup-my.cnf', 'shop/v.frm~', 'RPM_UPGRADE_HISTORY', 'RPM_UPGRADE_MARKER-LAST'],
      ...['db3.err', 'slow.log', 'slow.log.1', 'slow.log.2.gz', 'slow.log-20261101', 'slow.log-20261101.gz', 'db3.pid'],
      ...['mysql.sock', 'mysql.sock.lock', 'auto.cnf', 'mysqld-auto.cnf', 'server-key.pem', 'private_key.pem'],
    ];
    for (const name of own) await written(join('data', name), '');
    expect(await factsOf()).toMatchObject({ strange: [], strangeCount: 0 });
    const dumps = [
      ...[
        'dump.20261127',
        'dump.log.gz',
        'ibdata-backup.tar.gz',
        'ibdata1.gz',
        'ibdata1.bak',
        'undo-notes',
        'undo_001.tar',
      ],
      ...['aria_log.tar', 'xtrabackup_full.tar', 'mysql_backup_monday.sql'],
    ];
    for (const name of dumps) {
      await written(join('data', name), '');
      expect((await factsOf()).strange).toEqual([name]);
      await rm(join(base, 'data', name));
    }
  });

  test('what an undo kept apart is a stranger, though its files are called like tables', async () => {
    await serverSays({ datadir: join(base, 'data') });
    await written('data/.kept-by-reseed-0a1b2c3d/orders.MYD', '');
    expect(await factsOf()).toMatchObject({ strange: ['.kept-by-reseed-0a1b2c3d'], strangeCount: 1 });
  });

  test('a buffer pool that is dumped by another name, and an audit log, are the server’s own', async () => {
    const options = { 'innodb-buffer-pool-filename': 'bp.dump', 'server-audit-file-path': 'audit.txt' };
    await serverSays({ datadir: join(base, 'data') });
    const rows = Object.entries(options).map(([name, value]) => `${name.padEnd(61)}${value}\n`);
    const help = await readFile(join(base, 'help'), 'utf8');
    await written('help', help.replace(/^datadir /m, `${rows.join('')}datadir `));
    for (const name of Object.values(options)) await written(join('data', name), '');
    expect(await factsOf()).toMatchObject({ strange: [], strangeCount: 0 });
    await serverSays({ datadir: join(base, 'data') });
    expect((await factsOf()).strange.toSorted()).toEqual(['audit.txt', 'bp.dump']);
  });

  test('files of the server’s own that its account can not read are reported, before the swap needs them', async () => {
    const datadir = join(base, 'data');
    await serverSays({ datadir, 'ssl-key': 'ssl/server.key' });
    for (const name of ['ca.pem', 'server-key.pem', 'ssl/server.key']) await written(join('data', name), 'key');
    await run('chown', ['-R', 'daemon:daemon', datadir]);
    expect((await factsOf()).unreadable).toEqual([]);
    await run('chown', ['root:root', join(datadir, 'server-key.pem'), join(datadir, 'ssl')]);
    await chmod(join(datadir, 'server-key.pem'), 0o600);
    await chmod(join(datadir, 'ssl'), 0o700);
    expect((await factsOf()).unreadable).toEqual(['server-key.pem', 'ssl/server.key']);
  });

  describe('files that the kernel renames for no account, which a seed would find at the swap', () => {
    const fixed = async (...files: [string, string][]) => {
      for (const [flag, name] of files) await run('chattr', [flag, join(base, name)]);
      try {
        const facts = await factsOf();
        return {
          ...facts.fixed,
          first: facts.fixed.first.map(({ flag, path }) => `${flag} ${path.replace(base, '')}`),
        };
      } finally {
        for (const [, name] of files) await run('chattr', ['-ia', join(base, name)]);
      }
    };
    beforeEach(async () => {
      const datadir = join(base, 'data');
      await serverSays({
        datadir,
        'log-bin': join(base, 'logs', 'binlog'),
        'innodb-log-group-home-dir': join(base, 'redo'),
      });
      const own = ['data/ibdata1', 'data/shop/orders.ibd', 'logs/binlog.000001', 'redo/#innodb_redo/#ib_redo1'];
      for (const name of [...own, 'logs/notes.txt', 'data/.reseed-cafe0001/job', 'data/lost+found/x'])
        await written(name, 'x');
      await run('chmod', ['700', join(datadir, 'lost+found')]);
      await run('chown', [
        '-R',
        'daemon:daemon',
        ...['data/ibdata1', 'data/shop', 'logs', 'redo'].map((name) => join(base, name)),
      ]);
      await run('chown', ['daemon:daemon', datadir]);
    });

    test('immutable and append-only ones are reported: in the datadir, one folder down, the datadir itself, and in places beside it', async () => {
      expect(await fixed()).toEqual({ first: [], count: 0 });
      expect(await fixed(['+i', 'data/ibdata1'])).toEqual({ first: ['immutable /data/ibdata1'], count: 1 });
      expect(await fixed(['+a', 'data/shop/orders.ibd'], ['+a', 'data'])).toEqual({
        first: ['append-only /data', 'append-only /data/shop/orders.ibd'],
        count: 2,
      });
      expect(
        (await fixed(['+i', 'logs/binlog.000001'], ['+i', 'redo/#innodb_redo/#ib_redo1'])).first.toSorted(),
      ).toEqual(['immutable /logs/binlog.000001', 'immutable /redo/#innodb_redo/#ib_redo1']);
      expect(await fixed(['+i', 'logs/notes.txt'], ['+i', 'data/.reseed-cafe0001/job'])).toEqual({
        first: [],
        count: 0,
      });
    });

    test('one that is both is reported once, with both', async () => {
      expect(await fixed(['+ia', 'data/ibdata1'])).toEqual({
        first: ['immutable and append-only /data/ibdata1'],
        count: 1,
      });
    });

    test('a name with a newline is reported as not checked, and names no other file', async () => {
      await written('data/x\n    0 ----i----------------- ./forged', 'x');
      await run('chown', ['-R', 'daemon:daemon', join(base, 'data')]);
      expect(await fixed()).toEqual({
        first: [],
        count: 0,
        unknown: '2 files have a control character in their names',
      });
    });

    test.each([
      ['fails', 'echo "lsattr: broken" >&2; exit 3', 'not understood: lsattr: broken'],
      ['can not be started', 'exit 255', /not all of .* was looked at: .*\(status 124\)/],
      ['is killed', 'kill -9 $$', /lsattr failed in .* \(status 125\)/],
      [
        'is told of no attributes for some files',
        'echo "lsattr: Operation not supported While reading flags on ./ibdata1" >&2; exit 1',
        /1 files of .* tell no attributes/,
      ],
    ])('where lsattr %s it is not known', async (_, body, why) => {
      await program('lsattr', body);
      expect((await fixed()).unknown).toEqual(expect.stringMatching(why));
    });

    test('a file system that has no attributes has no immutable files', async () => {
      const said = (name: string) => `lsattr: Inappropriate ioctl for device While reading flags on ${name}`;
      await program('lsattr', `printf '%s\\n' "${said('.')}" "${said('./ibdata1')}" >&2; exit 1`);
      expect(await fixed()).toEqual({ first: [], count: 0 });
    });

    test('one that the account of the server can not read is not read by root: that is reported', async () => {
      const file = await written('data/root.ibd', 'x');
      await chmod(file, 0o600);
      expect((await fixed(['+i', 'data/root.ibd'])).unknown).toBe(
        'the account of the server can not read 1 of its files',
      );
    });

    test('one of another project than its folder is reported if the folder passes its project on', async () => {
      const says = (folderFlags: string) =>
        program(
          'lsattr',
          `if [ "$PWD" = "$BASE/data" ]; then printf '%5s %s %s\\n' 42 ${folderFlags} . 42 --------------e------- ./ibdata1 7 --------------e------- ./shop 9 -------- ./shop/orders.ibd; fi`,
        );
      await says('--------------e-----P-');
      expect((await fixed()).otherProject).toEqual({ folderProject: 42, path: join(base, 'data', 'shop') });
      await says('--------------e-------');
      expect(await fixed()).toEqual({ first: [], count: 0 });
    });

    test('of a host without lsattr that is not known', async () => {
      const without = [
        '-c',
        'mount -t tmpfs none /mnt && ln -s /usr/bin/* /mnt/ && rm -f /mnt/lsattr && PATH="$0:/mnt" exec sh -c "$@"',
      ];
      const script = (await scriptText('seed-facts')).replace(
        'PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin',
        'PATH=$PATH:/usr/sbin',
      );
      const env = { ...process.env, RESEED_SCRIPT: await inFile(script) };
      const args = ['. "$RESEED_SCRIPT"', 'seed-facts.sh', ...wordsOf(join(base, 'data'))];
      const { stdout } = await run('unshare', ['-m', 'sh', ...without, join(base, 'bin'), ...args], { env });
      expect(readSeedFacts(stdout)?.fixed).toEqual({ first: [], count: 0, unknown: 'this host has no lsattr' });
    });
  });

  test('that its unit and its options name in its datadir is not strange there, with the folders above it', async () => {
    const datadir = join(base, 'data');
    await serverSays({ datadir, 'ssl-key': join(datadir, 'ssl', 'own', 'key.pem'), 'log-error': 'stderr' });
    await unit(
      (await recorded('unit-instance'))
        .replace('User=mysql', 'User=daemon')
        .replace('--defaults-group-suffix=@prod', `--defaults-file=${datadir}/my.cnf`),
    );
    for (const name of ['my.cnf', 'ssl/own/key.pem', 'ssl/own/other.pem']) await written(join('data', name), '');
    const facts = await factsOf();
    expect(facts.strange).toEqual(['ssl/own/other.pem']);
    // They do not refuse a seed: they go over to the new data.
    expect(statePlaces(facts).filter(({ fate }) => fate === 'refused')).toEqual([]);
    expect(namedFiles(facts)).toEqual(['my.cnf', 'ssl/own/key.pem']);
  });

  test('in the datadir is its own where unit or options name it: no donor gives it, and a target keeps it', async () => {
    const datadir = join(base, 'data');
    await serverSays({ datadir, 'ssl-key': join(datadir, 'ssl', 'key.pem'), 'ssl-ca': '/etc/ssl/ca.pem' });
    await unit(
      (await recorded('unit-instance'))
        .replace('User=mysql', 'User=daemon')
        .replace('--defaults-group-suffix=@prod', `--defaults-file=${datadir}/my.cnf`),
    );
    const kept = keptFiles(await factsOf());
    expect(kept).toEqual(expect.arrayContaining(['my.cnf', 'ssl/key.pem', 'server-key.pem']));
    expect(kept.join()).not.toContain('/etc');
  });
});

describe('what the account of a server may call things', () => {
  test.each(['.reseed-x\ntablespaces 7', '.reseed-x\\ntablespaces 7', '.reseed-\u001b[2J'])(
    'a folder %j in the datadir tells nothing but that it is there',
    async (name) => {
      await mkdir(join(base, 'data', name), { recursive: true });
      const { half, tablespaces } = await factsOf();
      expect(tablespaces).toBeUndefined();
      expect(half).toEqual([join(base, 'data', name.replaceAll(/[^A-Za-z0-9.-]/g, '?'))]);
    },
  );

  test('a link to a folder of root in place of the folder of a job is reported by its name, and nothing is read by it', async () => {
    await mkdir(join(base, 'data'));
    await mkdir(join(base, 'root'), { mode: 0o700 });
    await written('root/who', 'a secret of root');
    await symlink(join(base, 'root'), join(base, 'data', '.reseed-cafe0001'));
    await symlink('/nowhere', join(base, 'data', '.reseed-cafe0002'));
    expect((await factsOf()).half).toEqual([
      join(base, 'data', '.reseed-cafe0001'),
      join(base, 'data', '.reseed-cafe0002'),
    ]);
  });

  test('a folder of a job is reported with its owner, on one line', async () => {
    await mkdir(join(base, 'data'));
    await mkdir(join(base, 'data', '.reseed-cafe0001'), { mode: 0o700 });
    await written('data/.reseed-cafe0001/who', 'job cafe0001 of\tops@jump1\nmore\n');
    expect((await factsOf()).half).toEqual([`${join(base, 'data', '.reseed-cafe0001')}: job cafe0001 of?ops@jump1`]);
  });

  describe('the events that a server has enabled', () => {
    const says = (events: string) =>
      program(
        'mysql',
        `case "$*" in
          *"VARIABLES WHERE"*) printf 'datadir\\t%s\\n' "$BASE/data" ;;
          *'SHOW GRANTS'*) echo 'GRANT SELECT, EVENT ON *.* TO \`x\`@\`localhost\`' ;;
          *information_schema.EVENTS*"STATUS = 'ENABLED'"*) ${events} ;;
          *) exit 1 ;;
        esac`,
      );
    const hex = (text: string) => Buffer.from(text).toString('hex').toUpperCase();

    test('are counted, and the first three named, whatever is in their names', async () => {
      const row = (name: string) => `event ${hex('shop')} ${hex(name)} ${hex('root@localhost')}`;
      await says(`printf '%s\\n' '${['ti\nck events 9', 'b', 'c', 'd'].map(row).join("' '")}'`);
      const { events } = await factsOf();
      expect(events?.count).toBe(4);
      expect(events?.first.map(({ name }) => name)).toEqual(['ti\nck events 9', 'b', 'c']);
      expect(events?.first[0]).toMatchObject({ schema: 'shop', definer: 'root@localhost' });
    });

    test('are 0 where it has none, and not known where it does not say', async () => {
      await says('exit 0');
      expect((await factsOf()).events).toEqual({ count: 0, first: [] });
      await says('exit 1');
      expect((await factsOf()).events).toBeUndefined();
    });
  });

  test('what was set by hand is reported without what a session has set for itself; if a server does not say, it is unknown', async () => {
    const says = (rows: string) =>
      program(
        'mysql',
        `case "$*" in
          *"VARIABLES WHERE"*) printf 'datadir\\t%s\\n' "$BASE/data" ;;
          *'SELECT VERSION()'*) echo 9.7.4 ;;
          *variables_info*) ${rows} ;;
          *@@SESSION.sql_mode*@@SESSION.max_connections*) printf '%s\\n' sql_mode .asked ;;
          *@@SESSION.*) echo unlike; exit 1 ;;
          *) exit 1 ;;
        esac`,
      );
    await says("printf 'by_hand %s\\n' 'sql_mode .' 'max_connections .3630' 'shop_key shut' 'x ../../id'");
    const told = await factsOf();
    expect(told.byHand).toEqual([{ name: 'max_connections', value: '60' }, { name: 'shop_key' }]);
    expect(told.unanswered).not.toContain('by_hand');
    await says('exit 1');
    expect((await factsOf()).unanswered).toContain('by_hand');
  });

  test('what SET PERSIST has set is told, and what of it a start alone takes; a secret is not', async () => {
    const says = (rows: string) =>
      program(
        'mysql',
        `case "$*" in
          *"VARIABLES WHERE"*) printf 'datadir\\t%s\\n' "$BASE/data" ;;
          *persisted_variables\\ q*) ${rows} ;;
          *) exit 1 ;;
        esac`,
      );
    const entry = (value: string) => `{"Value": "${value}", "Metadata": {"Host": "localhost"}}`;
    await written(
      'data/mysqld-auto.cnf',
      `{"Version": 2, "mysql_static_variables": {"report_host": ${entry('db3')}}, "mysql_dynamic_variables": {"server_id": ${entry('13')}}}`,
    );
    await says("printf 'persisted %s\\n' 'report_host .646233' 'server_id .3133' 'shop_key shut' 'x ../../id'");
    const told = await factsOf();
    expect(told.persisted).toEqual([
      { name: 'report_host', value: 'db3', byStart: true },
      { name: 'server_id', value: '13', byStart: false },
      { name: 'shop_key', byStart: false },
    ]);
    expect(told.unanswered).not.toContain('persisted');
    await says("echo 'ERROR 1146 (42S02): no such table' >&2; exit 1");
    expect((await factsOf()).unanswered).not.toContain('persisted');
    await says("echo 'ERROR 1142 (42000): denied' >&2; exit 1");
    expect((await factsOf()).unanswered).toContain('persisted');
  });

  test('what its own tables load is told, with the names of the options that it would start with, and none of their values', async () => {
    const says = (plugins: string, components: string) =>
      program(
        'mysql',
        `case "$*" in
          *"VARIABLES WHERE"*) printf 'datadir\\t%s\\nplugin_dir\\t%s\\n' "$BASE/data" "$BASE/lib" ;;
          *PLUGIN_MATURITY*) exit 1 ;;
          *mysql.plugin\\ *) ${plugins} ;;
          *mysql.component*) ${components} ;;
          *) exit 1 ;;
        esac`,
      );
    await written('lib/clone.so', '');
    await program(
      'mysqld',
      `case "$*" in
        *--print-defaults) echo '$BASE/bin/mysqld would have been started with the following arguments:'
          echo '--user=mysql --plugin-load-add=old.so --plugin_load=semisync_replica.so;clone=mysql_clone.so --plugin-load-add=audit.so --rpl-semi-sync-replica-enabled=s3cret --loose-clone-buffer-size=4M' ;;
        *--help*) cat $BASE/help ;;
      esac`,
    );
    await says(
      "printf 'own_plugin %s\\n' 'clone mysql_clone.so ACTIVE -' 'audit_log audit_log.so - -'",
      "echo 'own_component file://component_validate_password'",
    );
    const told = await factsOf();
    expect(told.tablePlugins).toEqual([
      { kind: 'plugin', name: 'clone', library: 'mysql_clone.so', isActive: true },
      { kind: 'plugin', name: 'audit_log', library: 'audit_log.so', isActive: false },
      {
        kind: 'component',
        name: 'component_validate_password',
        library: 'file://component_validate_password',
        isActive: true,
      },
    ]);
    expect(told.libraries).toEqual(['clone.so']);
    expect(told.nextOptions).toEqual({
      // Those of the unit as well.
      names: ['user', 'rpl_semi_sync_replica_enabled', 'port', 'relay_log', 'init_file', 'datadir'],
      loads: ['semisync_replica.so', 'clone=mysql_clone.so', 'audit.so'],
    });
    expect(JSON.stringify(told)).not.toContain('s3cret');
    // A MariaDB.
    await says('exit 0', "echo 'ERROR 1146 (42S02): no such table' >&2; exit 1");
    expect((await factsOf()).unanswered).not.toContain('plugins');
    await says("echo 'ERROR 1142 (42000): denied' >&2; exit 1", 'exit 0');
    expect((await factsOf()).unanswered).toContain('plugins');
  });

  test('which options a server would start with is unknown where its program does not tell, and not none', async () => {
    await program('mysqld', 'case "$*" in *--print-defaults) exit 1 ;; *--help*) cat $BASE/help ;; esac');
    expect((await factsOf()).nextOptions.unknown).toBe('its program did not tell which option files it reads');
  });

  test('a value of the server makes no line of its own', async () => {
    await serverSays({ datadir: join(base, 'data'), 'general-log-file': '/var/log/x\\ntablespaces 7' });
    expect((await factsOf()).tablespaces).toBeUndefined();
  });
});

test('a datadir of very many files is gone through twice, not once for each fact: its inodes are in no cache', async () => {
  for (const name of ['ibdata1', 'shop/a.ibd', 'shop/b.isl']) await written(join('data', name), 'twelve bytes');
  await run('ln', [join(base, 'data/shop/a.ibd'), join(base, 'data/shop/c.ibd')]);
  await program(
    'find',
    'case " $* " in *" -ignore_readdir_race "*) echo >>"$BASE/looks" ;; esac; exec /usr/bin/find "$@"',
  );
  const { stdout } = await run('du', ['-sxb', join(base, 'data')]);
  const { dataBytes, links, changedSeconds, unseen } = await factsOf();
  expect({ dataBytes, links, unseen }).toEqual({
    dataBytes: Number.parseInt(stdout, 10),
    links: [join(base, 'data/shop/b.isl')],
    unseen: [],
  });
  expect(changedSeconds).toBeGreaterThanOrEqual(0);
  expect(await readFile(join(base, 'looks'), 'utf8')).toHaveLength(2);
});

test('a host whose datadir takes three minutes to look through is asked for its options all the same', async () => {
  await written('data/ibdata1', 'x');
  await program(
    'find',
    `case " $* " in *" -ignore_readdir_race "*)
      [ -e "$BASE/later" ] || { awk '{ printf "%.2f %.2f\\n", $1 + 175, $2 }' /proc/uptime >"$BASE/later" && mount --bind "$BASE/later" /proc/uptime; } ;;
    esac
    exec /usr/bin/find "$@"`,
  );
  const options = "case $* in *--print-defaults) echo '--user=mysql --max-connections=10' ;; *) cat $BASE/help ;; esac";
  await program('mysqld', options);
  const facts = await factsOf();
  expect(await readFile(join(base, 'later'), 'utf8')).not.toBe('');
  expect(facts.nextOptions).toMatchObject({ names: expect.arrayContaining(['max_connections']) });
  expect(facts.nextOptions.unknown).toBeUndefined();
});

test('a datadir that is not looked through in time: what is in it is not known, and not nothing', async () => {
  await written('data/ibdata1', 'x');
  await written('data/backup.tar', 'x');
  await program(
    'find',
    'case "$*" in *"$BASE/data"*|*regextype*) /usr/bin/find "$@"; exit 124 ;; esac; exec /usr/bin/find "$@"',
  );
  const facts = await factsOf();
  expect(facts.unseen).toEqual(['data_bytes', 'changed_seconds', 'links', 'strange']);
  expect(facts).toMatchObject({ strange: ['backup.tar'], links: [] });
  expect(facts.changedSeconds).toBeUndefined();
  await rm(join(base, 'bin/find'));
  expect(await factsOf()).toMatchObject({ unseen: [], strangeCount: 1, changedSeconds: expect.any(Number) });
});

describe('a login that may not see all', () => {
  beforeEach(async () => {
    await mkdir(join(base, 'data'));
    await serverSays({ datadir: `${base}/data/` });
  });
  const logsIn = (grants: string) =>
    program(
      'mysql',
      `case "$*" in *"VARIABLES WHERE"*) printf 'datadir\\t%s\\n' "$BASE/data" ;; *'SHOW GRANTS'*) echo '${grants}' ;; *EVENTS*|*foreign_engine*) ;; *) exit 1 ;; esac`,
    );
  const told = async () => {
    const { events, unanswered, unseen } = await factsOf();
    const asked = (name: string) => ['SELECT', 'EVENT'].includes(name);
    return { events, unseen: unseen.filter(asked), untold: unanswered.includes('foreign_engine') };
  };

  test('tells databases that a program could take for options, and accounts of mysql_native_password', async () => {
    await program(
      'mysql',
      `case "$*" in *"VARIABLES WHERE"*) printf 'datadir\\t%s\\n' "$BASE/data" ;; *dashed*) echo 'dashed --result-file=/x' ;; *users_sys*) echo 'users_sys 1' ;; *"beside_own the"*) echo 'beside_own the procedure sys.tidy' ;; *beside_own*) echo 'beside_own mysql.heartbeat' ;; *in_tablespace*) echo 'in_tablespace shop/orders@002d1' ;; *encrypted_rows*) echo 'encrypted_rows shop/cards' ;; *granted*) echo 'granted SET_USER_ID' ;; *'SHOW PRIVILEGES'*) printf 'Lock tables\\tDatabases\\tx\\nBACKUP_ADMIN\\tServer Admin\\tx\\n' ;; *own_function*) echo 'own_function sum2 sum2.so' ;; *native_logins*) echo 'native_logins 2 app@%, old@%' ;; *takes_native*) echo 'takes_native 0' ;; *'XA RECOVER'*) printf '1\\t2\\t0\\tx1\\n1\\t2\\t0\\tx2\\n' ;; *) exit 1 ;; esac`,
    );
    expect(await factsOf()).toMatchObject({
      dashed: ['--result-file=/x'],
      usersSys: true,
      besideOwn: ['mysql.heartbeat', 'the procedure sys.tidy'],
      inTablespace: ['shop.orders-1'],
      encryptedRows: ['shop.cards'],
      granted: ['SET_USER_ID'],
      grantable: ['BACKUP_ADMIN'],
      functions: ['sum2 sum2.so'],
      nativeLogins: { count: 2, first: 'app@%, old@%' },
      takesNative: false,
      prepared: 2,
    });
    await program('mysql', 'exit 1');
    const { nativeLogins, takesNative, prepared } = await factsOf();
    expect([nativeLogins, takesNative, prepared]).toEqual([undefined, undefined, undefined]);
  });

  test('counts the prepared XA transactions that stay: an application server has some for milliseconds', async () => {
    const both = "printf '1\\t2\\t0\\tx1\\n1\\t2\\t0\\tx2\\n'";
    await program(
      'mysql',
      `case "$*" in *"VARIABLES WHERE"*) printf 'datadir\\t%s\\n' "$BASE/data" ;; *'XA RECOVER'*) if [ -e "$BASE/looked" ]; then printf '1\\t2\\t0\\tx2\\n1\\t2\\t0\\tx3\\n'; else : >"$BASE/looked"; ${both}; fi ;; *) exit 1 ;; esac`,
    );
    expect((await factsOf()).prepared).toBe(1);
  });

  test('sees no table and no event, and that does not mean none', async () => {
    await logsIn('GRANT PROCESS, REPLICATION SLAVE ON *.* TO `x`@`localhost`');
    expect(await told()).toEqual({ events: undefined, unseen: ['SELECT', 'EVENT'], untold: true });
    await logsIn('GRANT ALL PRIVILEGES ON *.* TO `root`@`localhost` WITH GRANT OPTION');
    expect(await told()).toEqual({ events: { count: 0, first: [] }, unseen: [], untold: false });
  });
});

test.each([
  ['', 0, [], false],
  ['discarded shop/a', 0, ['shop/a'], false],
  ['', 124, [], true],
  ['ERROR 1227 (42000) at line 1: Access denied; you need (at least one of) the PROCESS privilege(s)', 1, [], true],
  ["ERROR 1054 (42S22) at line 1: Unknown column 'STATE' in 'where clause'", 1, [], false],
  ["ERROR 1109 (42S02) at line 1: Unknown table 'INNODB_TABLESPACES' in information_schema", 1, [], false],
])('a server that says of its discarded tablespaces "%s" (%i)', async (words, code, discarded, untold) => {
  await mkdir(join(base, 'data'));
  await serverSays({ datadir: `${base}/data/` });
  const file = await written('words', words === '' ? '' : `${words}\n`);
  await program(
    'mysql',
    `case "$*" in *"VARIABLES WHERE"*) printf 'datadir\\t%s\\n' "$BASE/data" ;; *INNODB_TABLESPACES*discarded*) cat '${file}' >&${code === 0 ? 1 : 2}; exit ${code} ;; esac`,
  );
  const facts = await factsOf();
  expect([facts.discarded, facts.unanswered.includes('discarded')]).toEqual([discarded, untold]);
});
