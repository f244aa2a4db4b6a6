// proof.sh itself, in its cell, with a server, a client and a device that are stand-ins.
import { chmod, chown, mkdir, mkdtemp, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { proofWords } from '../../src/scripts/proof-words.ts';
import { scriptText } from '../../src/scripts/script.ts';
import { account } from './staging.ts';

let base: string;
beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), 'reseed-proof-'));
  await chmod(base, 0o755);
  for (const name of ['unit', 'bin']) await mkdir(join(base, name));
});
afterEach(() => rm(base, { recursive: true, force: true }));

const server = ': >/mnt/.reseed-cafe/socket; until [ -e /mnt/.reseed-cafe/ended ]; do sleep 0.1; done';
/** Two tables, `a` and `b`; `acts`: what else the client does with a statement. */
const client = (acts: string) => `[ -e /mnt/.reseed-cafe/socket ] || { echo 'ERROR 2002 (HY000): none' >&2; exit 1; }
while IFS= read -r line; do
  case $line in
${acts}
    *'VERSION()'*) echo 9.7.4 ;;
    *information_schema.TABLES*) printf '1000\\t\`shop\`.\`a\`\\n3000\\t\`shop\`.\`b\`\\n7\\t\\n' ;;
    *INNODB_SYS_TABLES*) printf '%s\\n' SYS_FOREIGN shop/a 'shop/b#P#p0' 'shop/b#P#p1' shop/FTS_0001_BEING_DELETED 'shop/#sql-1' ;;
    *'CHECK TABLE'*) printf 'table\\t%s\\nshop.x\\tcheck\\tstatus\\tOK\\n' "$(echo "$line" | tr -dc 0-9)" ;;
    *'COUNT(*)'*) printf 'table\\t1\\nrows\\t21\\n' ;;
    *'MAX('*) echo 1795715465 ;;
  esac
done`;
/** The device is a file system of this test, in memory. */
const mounting = `case "$*" in *reseed-test-copy*) for last in "$@"; do :; done; /bin/mount -t tmpfs -o mode=755 none "$last" && mkdir "$last/data" && chown ${account.name} "$last/data" && echo '{}' >"$last/data/mysqld-auto.cnf"; exit ;; esac
exec /bin/mount "$@"`;

/** The answer of the script. */
async function proved(
  acts = '',
  more: {
    readonly check?: number;
    readonly seconds?: number;
    readonly server?: string;
    readonly newest?: string[];
    readonly quietMs?: number;
    /** What lvs says of its thin pool. */
    readonly pool?: string;
    readonly vendor?: 'mariadb';
    /** A datadir with the folder of the job, in place of a device. */
    readonly stage?: string;
    /** The owner of the client. */
    readonly owner?: number;
  } = {},
) {
  const programs = {
    mysqld: more.server ?? server,
    mysql: client(acts),
    mount: mounting,
    blkid: 'echo ext4',
    lvs: `echo '${more.pool}'`,
  };
  for (const [name, text] of Object.entries(programs))
    await writeFile(join(base, 'bin', name), `#!/bin/sh\n${text}\n`, { mode: 0o755 });
  if (more.owner !== undefined) await chown(join(base, 'bin', 'mysql'), more.owner, more.owner);
  const words = proofWords({
    ...{
      job: 'cafe',
      device: more.stage === undefined ? '/dev/reseed-test-copy' : '',
      stage: more.stage ?? '',
      pool: more.pool === undefined ? '' : 'vg/pool',
      vendor: more.vendor ?? 'mysql',
      datadir: more.stage === undefined ? 'data' : 'new',
      owner: account.name,
    },
    ...{
      options: ['--innodb-page-size=16K'],
      check: more.check ?? 100,
      draw: 7,
      newest: more.newest ?? [],
      seconds: more.seconds ?? 60,
    },
  });
  // The cell shows programs in /usr, /bin and /opt alone. What is left running ends with the first process.
  const inOpt = 'mount -t tmpfs none /opt && cp -p "$0"/* /opt && PATH=/opt:$PATH exec sh -c "$@"';
  const script = [
    (await scriptText('proof')).replace(
      /^quiet_ms=.*/m,
      `quiet_ms=${more.quietMs ?? 60_000} look_ms=1000 full_percent=90`,
    ),
    'proof.sh',
    ...words,
  ];
  const env = { RESEED_FOLDER: join(base, 'unit'), RESEED_UNIT: 'cafe/proof', RESEED_INSIDE: 'yes' };
  const alone = ['--mount', '--propagation', 'private', '--pid', '--fork', '--kill-child', '--mount-proc'];
  return execa('unshare', [...alone, 'sh', '-c', inOpt, join(base, 'bin'), ...script], {
    env,
    stdin: 'ignore',
    reject: false,
    timeout: 60_000,
  });
}
const withoutTimes = (text: string) =>
  text
    .split('\n')
    .filter((line) => !/^(limits|at) /.test(line))
    .map((line) => line.replace(/^(part \w+) \d+$/, '$1'));

test('a proof whose client root may not run ends, and says why: it waited without end', async () => {
  const { exitCode, stderr } = await proved('', { owner: account.uid });
  expect(stderr).toContain(
    'the server is not asked: /opt/mysql would be run as root: mysql belongs to another account',
  );
  expect(exitCode).toBe(1);
});

test('a server that starts on the copy, and whose tables are whole, proves the snapshot, with the seconds of each part', async () => {
  const { stdout, stderr, exitCode } = await proved('', { newest: ['shop.a.at'] });
  expect(withoutTimes(stdout)).toEqual([
    'server 9.7.4',
    'part recovery',
    'tables 2 2',
    'bytes 4000 4000',
    'odd 1',
    'part list',
    'part check',
    'rows 42',
    'part count',
    'newest shop.a.at 1795715465',
    'part newest',
    'proved',
  ]);
  expect([stderr, exitCode]).toEqual(['', 0]);
});

test('the server has no login, no network, no events, and none of the values of SET PERSIST', async () => {
  const look = `printf '%s\\n' "$@" >/mnt/.reseed-cafe/words; ls /mnt/data >>/mnt/.reseed-cafe/words; ls /sys/class/net >>/mnt/.reseed-cafe/words; id -u >>/mnt/.reseed-cafe/words\n${server}`;
  const { stdout } = await proved(
    `    *'VERSION()'*) paste -s -d ' ' /mnt/.reseed-cafe/words | base64 -w 0 | head -c 4000 | fold -w 50 | head -n 0; grep -c -x -e --skip-networking -e --skip-grant-tables -e --event-scheduler=DISABLED -e --no-defaults -e --innodb-page-size=16K -e --skip-log-bin -e mysqld-auto.cnf -e 0 /mnt/.reseed-cafe/words ;;`,
    { server: look },
  );
  expect(stdout).toContain('server 6\n');
});

test('a table that CHECK TABLE calls corrupt is no proof, and is named', async () => {
  const acts = `    *'CHECK TABLE \`shop\`.\`b\`'*) printf 'table\\t%s\\nshop.b\\tcheck\\tWarning\\tInnoDB: The B-tree of index a is corrupted.\\nshop.b\\tcheck\\terror\\tCorrupt\\n' "$(echo "$line" | tr -dc 0-9)" ;;`;
  const { stdout, stderr, exitCode } = await proved(acts);
  expect(stderr).toBe('CHECK TABLE: 1 of 2 tables are damaged; `shop`.`b`: Corrupt');
  expect(stdout).not.toContain('proved');
  expect(exitCode).toBe(5);
});

test('a table that gave no answer, an error, or whose engine is a plugin is no proof, and is not called damaged', async () => {
  const silent = await proved("    *'CHECK TABLE `shop`.`b`'*) ;;");
  expect(silent.stderr).toContain('1 of 2 tables could not be checked; `shop`.`b`: no answer');
  expect(silent.exitCode).toBe(1);
  const plugin = await proved(
    `    *'CHECK TABLE \`shop\`.\`b\`'*) printf "table\\t%s\\nshop.b\\tcheck\\tError\\tUnknown storage engine 'ARCHIVE'\\nshop.b\\tcheck\\terror\\tCorrupt\\n" "$(echo "$line" | tr -dc 0-9)" ;;`,
  );
  expect(plugin.stderr).toMatch(/1 of 2 tables could not be checked; `shop`.`b`: Unknown storage engine/);
  expect(plugin.exitCode).toBe(1);
  const failing = await proved(
    '    *\'CHECK TABLE `shop`.`a`\'*) echo "ERROR 1812 (HY000) at line 1: Tablespace is missing" >&2 ;;',
    { check: 100 },
  );
  expect(failing.stderr).toMatch(/1 of 2 tables could not be checked; `shop`.`.`: /);
});

test('a server that ends while it checks a table is no proof', async () => {
  const { stderr, exitCode } = await proved(
    "    *'CHECK TABLE'*) : >/mnt/.reseed-cafe/ended; echo 'ERROR 2013 (HY000) at line 1: Lost connection' >&2; exit 1 ;;",
  );
  expect(stderr).toContain('the server ended while the tables are checked');
  expect(exitCode).toBe(1);
});

test('a damaged page that InnoDB reads again and again ends the proof at once, with the table and the log', async () => {
  const acts = `    *'CHECK TABLE \`shop\`.\`a\`'*) printf 'table\\t%s\\n' "$(echo "$line" | tr -dc 0-9)"; for i in 1 2 3; do echo '2026 9 [ERROR] [MY-011906] [InnoDB] Database page corruption on disk [page id: space=4, page number=6]'; done >>/mnt/.reseed-cafe/server.err; sleep 50 ;;`;
  const { stdout, stderr, exitCode } = await proved(acts);
  expect(stderr).toMatch(/^a page is damaged in `shop`\.`.`, seen while the tables are checked$/);
  expect(stdout).toContain('page number=6');
  expect(exitCode).toBe(5);
});

test('a server that waits without an end for a damaged page of its recovery is no proof', async () => {
  const waits =
    "echo '2026 0 [ERROR] [MY-011906] [InnoDB] Database page corruption on disk [page id: space=2, page number=4]' >/mnt/.reseed-cafe/server.err; sleep 50";
  const { stderr, exitCode } = await proved('', { server: waits, quietMs: 1000 });
  expect(stderr).toBe('a page is damaged, and the server has waited in its recovery since, for 1 s');
  expect(exitCode).toBe(5);
});

test('a page that looks damaged to a server without its key or plugin is not called damage', async () => {
  const acts = `    *'CHECK TABLE'*) for i in 1 2 3; do echo '2026 9 [ERROR] InnoDB: Database page corruption on disk'; done >>/mnt/.reseed-cafe/server.err; echo "2026 9 [ERROR] MariaDB tried to use the LZ4 compression, but its provider plugin is not loaded" >>/mnt/.reseed-cafe/server.err; sleep 50 ;;`;
  expect((await proved(acts)).exitCode).toBe(1);
});

test('a server that does not start is no proof, and its log tells why', async () => {
  const dies = "echo '2026 1 [ERROR] [MY-012209] InnoDB: redo log is missing' >/mnt/.reseed-cafe/server.err; exit 1";
  const { stdout, stderr, exitCode } = await proved('', { server: dies });
  expect(`${stdout}\n${stderr}`).toContain('InnoDB: redo log is missing');
  expect(stderr).toContain('the server did not start on the copy');
  expect(exitCode).toBe(1);
});

test.each([
  ['a damaged log', '[InnoDB] Found corrupt log record (type 4)', 5],
  ['a full disk', '[InnoDB] Error number 28 means No space left on device', 1],
  ['no memory', '[InnoDB] Cannot allocate memory for the buffer pool', 1],
])('a server that does not start for %s says of its snapshot only what it saw', async (_, words, code) => {
  const dies = `echo '2026 1 [ERROR] ${words}' >/mnt/.reseed-cafe/server.err; exit 1`;
  expect((await proved('', { server: dies })).exitCode).toBe(code);
});

test('a MariaDB whose snapshot lacks the files of a table is no proof: its list is made of them, and misses nothing', async () => {
  expect((await proved('', { vendor: 'mariadb' })).exitCode).toBe(0);
  const { stderr, exitCode } = await proved(
    "    *INNODB_SYS_TABLES*) printf '%s\\n' shop/a shop/b crm/people crm/calls ;;",
    {
      vendor: 'mariadb',
    },
  );
  expect(stderr).toBe('InnoDB has 2 tables that the server does not list, their .frm files are gone: crm/people');
  expect(exitCode).toBe(1);
});

test('data without a table proves nothing', async () => {
  const { stderr } = await proved('    *information_schema.TABLES*) ;;');
  expect(stderr).toBe('there is no table that could be checked, and so nothing is proved');
});

test('a check that takes longer than it may is ended, and proves nothing', async () => {
  const { stderr, exitCode } = await proved("    *'CHECK TABLE'*) sleep 50 ;;", { seconds: 3 });
  expect(stderr).toContain('it did not end within 3 s, and nothing is proved');
  expect(exitCode).toBe(1);
});

test.each([
  ['its data', ' 90.10|12.00'],
  ['its metadata', ' 12.00|97.50'],
])(
  'a proof ends before the thin pool of the live server is full of %s, whether a runner watches or not',
  async (_, pool) => {
    const { stderr, exitCode } = await proved("    *'CHECK TABLE'*) sleep 50 ;;", { pool });
    expect(stderr).toContain('the thin pool vg/pool is 90 % full');
    expect(exitCode).toBe(1);
  },
);

test('a part of the bytes is drawn by the number of the job: the same number draws the same tables', async () => {
  const tables = async () => withoutTimes((await proved('', { check: 20 })).stdout).slice(2, 4);
  const first = await tables();
  expect(first[0]).toMatch(/^tables [12] 2$/);
  await rm(join(base, 'unit'), { recursive: true });
  await mkdir(join(base, 'unit'));
  expect(await tables()).toEqual(first);
});

test('a newest row by a column that is no time fails by its name', async () => {
  const { stderr, exitCode } = await proved("    *'MAX('*) echo 'no time' ;;", { newest: ['shop.a.id'] });
  expect([stderr, exitCode]).toEqual(['the newest of shop.a.id is no time that can be told', 1]);
});

test('a list of tables that was cut is no proof', async () => {
  const { stderr, exitCode } = await proved("    *information_schema.TABLES*) yes '7\t`shop`.`a`' ;;");
  expect(stderr).toContain('the tables could not be listed: their list is more than 32 MiB');
  expect(exitCode).toBe(1);
});

test('a hostile server that puts a pipe in the place of its log, and prints without an end, keeps no proof from its end', async () => {
  const hostile = 'mkfifo /mnt/.reseed-cafe/server.err; yes';
  const { stderr } = await proved('', { server: hostile, seconds: 8 });
  expect(stderr).toContain('it did not end within 8 s, and nothing is proved');
  expect((await readFile(join(base, 'unit/work/served'))).length).toBeLessThan(100_000);
});

test('a hostile server that answers without an end fills no memory of the host', async () => {
  const { stdout, exitCode } = await proved("    *'COUNT(*)'*) yes ;;");
  expect(stdout).not.toContain('proved');
  expect(exitCode).toBe(1);
  expect((await readFile(join(base, 'unit/work/answer'))).length).toBeLessThan(40_000_000);
});

/** A datadir whose server may run, with the folder of the job and data of a snapshot in it. */
async function staged() {
  const datadir = join(base, 'datadir');
  await mkdir(datadir);
  await writeFile(join(datadir, 'ibdata1'), 'its own');
  await chown(datadir, account.uid, account.gid);
  const folder = join(datadir, '.reseed-cafe');
  await mkdir(join(folder, 'new', 'shop'), { recursive: true });
  await writeFile(join(folder, 'new', 'mysqld-auto.cnf'), '{}');
  await chmod(folder, 0o700);
  await writeFile(join(folder, 'job'), `cafe ${(await stat(datadir)).ino}\n`);
  await writeFile(join(folder, 'phase'), 'new\n');
  for (const name of ['new', 'new/shop', 'new/mysqld-auto.cnf'])
    await chown(join(folder, name), account.uid, account.gid);
  return { datadir, folder };
}

test('data that was copied to another host is proved beside what that host has, which stays as it is', async () => {
  const { datadir, folder } = await staged();
  const look = `ls -A /mnt /mnt/new >/mnt/.reseed-cafe/seen; ls -A '${datadir}' >>/mnt/.reseed-cafe/seen 2>&1; touch /mnt/other 2>>/mnt/.reseed-cafe/seen; ${server}`;
  const { stdout, stderr, exitCode } = await proved('', { stage: datadir, server: look, newest: ['shop.a.at'] });
  expect(withoutTimes(stdout).at(-1)).toBe('proved');
  expect([stderr, exitCode]).toEqual(['', 0]);
  const seen = await readFile(join(folder, 'proof', '.reseed-cafe', 'seen'), 'utf8');
  expect(seen).toMatch(/shop/);
  expect(seen).not.toMatch(/ibdata1|mysqld-auto/);
  expect(seen).toMatch(/other.*(Permission denied|Read-only)/);
  expect(await readFile(join(datadir, 'ibdata1'), 'utf8')).toBe('its own');
});

test('data that a server has run on already proves nothing: its recovery would not be that of the snapshot', async () => {
  const { datadir } = await staged();
  expect((await proved('', { stage: datadir })).exitCode).toBe(0);
  const again = await proved('', { stage: datadir });
  expect([again.exitCode, again.stderr]).toEqual([3, expect.stringContaining('a server has run on this copy already')]);
});

test('a folder that the account of the server put in place of that of the job is not entered', async () => {
  const { datadir, folder } = await staged();
  await rename(folder, join(datadir, 'away'));
  await mkdir(join(folder, 'new'), { recursive: true });
  await chown(folder, account.uid, account.gid);
  const answer = await proved('', { stage: datadir });
  expect([answer.exitCode, answer.stderr]).toEqual([3, expect.stringContaining('another account has put it there')]);
});
