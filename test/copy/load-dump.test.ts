// A dump as a target loads it: seed-load.sh itself, in its cell, with a server and a client that are stand-ins.
import { chmod, chown, mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { scriptText } from '../../src/scripts/script.ts';
import { loadWords } from '../../src/scripts/seed-dump-words.ts';
import { account, type Staging, staging } from './staging.ts';

let target: Staging;
let base: string;
beforeEach(async () => {
  target = await staging({ size: '64M' });
  base = await mkdtemp(join(tmpdir(), 'reseed-load-'));
  await chmod(base, 0o755);
  for (const name of ['unit', 'bin']) await mkdir(join(base, name));
  await target.stage.prepare();
});
afterEach(async () => {
  await target.end();
  await rm(base, { recursive: true, force: true });
});

const server = `case "$*" in *--initialize*) mkdir /mnt/new; exit ;; esac
trap 'exit 0' TERM
until [ -e /mnt/shutdown ]; do sleep 0.1; done`;
/** `SQL` of the dump: what the client does there. */
const client = (acts: string) => `while IFS= read -r line; do
  case $line in
${acts}
    *PROCESSLIST*) echo 0 ;;
    *'SHOW PRIVILEGES'*) printf 'Select\\tTables\\nBACKUP_ADMIN\\t\\n' ;;
    *SHUTDOWN*) : >/mnt/shutdown ;;
  esac
done`;

/** The answer of the script. `told`: what the donor says of its dump. */
async function loaded(
  dump: string,
  acts: string,
  told: readonly string[] = [],
  more: {
    readonly vendor?: 'mariadb';
    readonly program?: string;
    readonly programs?: Readonly<Record<string, string>>;
    /** The owner of the client. */
    readonly owner?: number;
  } = {},
) {
  const programs = { mysqld: server, mysql: client(acts), mariadb: client(acts), ...more.programs };
  for (const [name, text] of Object.entries(programs))
    await writeFile(join(base, 'bin', name), `#!/bin/sh\n${text}\n`, { mode: 0o755 });
  if (more.owner !== undefined) await chown(join(base, 'bin', 'mysql'), more.owner, more.owner);
  const whole = `${dump}\n-- reseed: whole\n`;
  await writeFile(target.ours('dump'), whole);
  await writeFile(target.ours('dump.how'), `none 1 ${whole.length}\n`);
  await writeFile(target.ours('dump.told'), ['stands\tZmlsZQ==', ...told, ''].join('\n'));
  const words = loadWords({
    ...({ tool: 'mysqldump', vendor: more.vendor ?? 'mysql', gtid: false, options: [] } as const),
    ...{ program: more.program, datadir: target.datadir, job: target.job, owner: account.name },
  });
  // The cell shows programs in /usr, /bin and /opt alone. What is left running ends with the first process.
  const inOpt = 'mount -t tmpfs none /opt && cp -p "$0"/* /opt && PATH=/opt:$PATH exec sh -c "$@"';
  const script = [await scriptText('seed-load'), 'seed-load.sh', ...words];
  const env = { RESEED_FOLDER: join(base, 'unit'), RESEED_INSIDE: 'yes' };
  const args = [
    '--mount',
    '--propagation',
    'private',
    '--pid',
    '--fork',
    '--kill-child',
    '--mount-proc',
    'sh',
    '-c',
    inOpt,
    join(base, 'bin'),
    ...script,
  ];
  return execa('unshare', args, { env, stdin: 'ignore', reject: false, timeout: 30_000 });
}
const inMemory = async () =>
  (await execa('du', ['-sb', join(base, 'unit', 'work')])).stdout.split('\t').map(Number)[0] ?? 0;

const prints = '    *REPEAT*) head -c 30000000 /dev/zero ;;';

test('what a hostile dump has the client print fills no memory of the target', async () => {
  const ends = `${prints}\n    *WRONG*) echo 'ERROR 1064 (42000) at line 2: no' >&2; exit 1 ;;`;
  const { stderr } = await loaded("SELECT REPEAT('x', 30000000);\nWRONG;", ends);
  expect(stderr).toBe('the dump could not be loaded: ERROR 1064 (42000) at line 2: no');
  expect(await inMemory()).toBeLessThan(1_000_000);
});

test('nor does what the statements of its accounts print, and the data is whole', async () => {
  const { stdout, stderr } = await loaded('DO 1;', prints, ["account\tSELECT REPEAT('x', 30000000)"]);
  const lines = ['rows 0 0', expect.stringMatching(/^came \d+$/), 'stands ZmlsZQ==', 'loaded'];
  expect([...stdout.split('\n'), stderr]).toEqual([...lines, '']);
  expect(await inMemory()).toBeLessThan(1_000_000);
});

test('the new server is of the program of the target’s own, and not of another version that its PATH has', async () => {
  const mysqld = 'echo "[ERROR] of another version" >/mnt/server.err; exit 1';
  const { stdout } = await loaded('DO 1;', prints, [], {
    program: '/opt/mysqld84',
    programs: { mysqld, mysqld84: server },
  });
  expect(stdout.split('\n').at(-1)).toBe('loaded');
});

test('a dump whose text made an account in the new server is lost, and no account of the donor is made', async () => {
  const acts = `    *'CREATE USER'*) : >/mnt/made ;;
    *'CHECKSUM TABLE mysql.user, '*) if [ -e /mnt/made ]; then printf 'mysql.user\\t2\\n'; else printf 'mysql.user\\t1\\n'; fi ;;
    *EXECUTE*) : >/mnt/executed ;;`;
  const { exitCode, stderr } = await loaded('CREATE USER `mysql.x`@localhost;', acts, ['account\t4752414E54']);
  expect(stderr).toContain("the dump changed what is the server's own (mysql.user\t1)".replace('\t', '?'));
  expect(exitCode).toBe(1);
  expect(await readdir(target.ours('load'))).not.toContain('executed');
});

test('a dump whose text made a procedure that the donor does not have is lost, by its name', async () => {
  const acts = `    *"NOT IN ('information_schema'"*ORDER*) [ ! -e /mnt/made ] || printf 'object\\t6F776E\\t9f\\t39\\n' ;;
    *OWN*) : >/mnt/made ;;
    *'CONVERT(0x6F776E USING utf8mb4)'*) echo own ;;`;
  const { exitCode, stderr } = await loaded('CREATE PROCEDURE OWN;', acts, ['object\t70\t9f\t39']);
  expect(stderr).toContain('own is not as the donor has it');
  expect(exitCode).toBe(1);
});

test('a load whose client root may not run ends, and says why: it waited for its new server without end', async () => {
  const { exitCode, stderr } = await loaded('DO 1;', prints, [], { owner: account.uid });
  expect(stderr).toContain(
    'the server of the job is not asked: /opt/mysql would be run as root: mysql belongs to another account than root: chown it',
  );
  expect(exitCode).toBe(1);
});

test('a dump whose event works on in the new server is lost', async () => {
  const { exitCode, stderr } = await loaded('CREATE EVENT e;', '    *PROCESSLIST*) echo 1 ;;');
  expect(stderr).toContain('something of the dump goes on in the new server');
  expect(exitCode).toBe(1);
});

test('rows of a MariaDB that its CHECK constraints do not allow are loaded: they came where no check was made', async () => {
  const programs = {
    'mariadb-install-db': 'mkdir /mnt/new',
    // As MariaDB 10.11 does: the variable is no option.
    mysqld: `case "$*" in *--check-constraint-checks*) echo "[ERROR] unknown variable" >/mnt/server.err; exit 7 ;; esac\n${server}`,
  };
  const acts = `    *'SET GLOBAL check_constraint_checks = OFF'*) : >/mnt/unchecked ;;
    *INSERT*) [ -e /mnt/unchecked ] || { echo 'ERROR 4025 (23000) at line 1: CONSTRAINT failed' >&2; exit 1; } ;;`;
  const { stdout, stderr } = await loaded('INSERT INTO shop.a VALUES (1);', acts, [], { vendor: 'mariadb', programs });
  expect(stderr).toBe('');
  expect(stdout.split('\n').at(-1)).toBe('loaded');
});

test('a load that would fill the disk of a running server is ended, and what it had loaded goes with its undo', async () => {
  const fills =
    '    *GROW*) head -c 63000000 /dev/zero >/mnt/new/big; sleep 6; echo "ERROR 2013 (HY000): Lost connection" >&2; exit 1 ;;';
  const { exitCode, stderr } = await loaded('INSERT INTO a SELECT * FROM a; -- GROW', fills);
  expect(stderr.split('\n').at(-1)).toContain('the load would fill the disk');
  expect(exitCode).toBe(1);
  await target.stage.back();
  expect(await readdir(target.datadir)).not.toContain(`.reseed-${target.job}`);
  expect((await stat(join(target.datadir, 'ibdata1'))).size).toBeGreaterThan(0);
});

test('a MariaDB of 11.5 or later that loads the dump of an older one fills in the collations of that: they became uca1400, and the rows were equal', async () => {
  const programs = { 'mariadb-install-db': 'mkdir /mnt/new' };
  const told = ['collates\t73686F70\t-\tutf8mb4_general_ci\t0', 'collates\t73686F70\t61\tutf8mb4_general_ci\t5'];
  const acts = (has: string) => `    *"/*M!110500 SET GLOBAL character_set_collations = '' */"*) : >/mnt/as-before ;;
    *INSERT*) [ -e /mnt/as-before ] || { echo 'ERROR 1062 (23000) at line 1: Duplicate entry' >&2; exit 1; } ;;
    *"FROM information_schema.SCHEMATA WHERE CAST"*) printf '${told[0]}\\n${has}\\n' ;;
    *"CONVERT(0x61 USING utf8mb4)"*) echo shop.a ;;`;
  const of = (has: string) => loaded('INSERT INTO a;', acts(has), told, { vendor: 'mariadb', programs });
  expect((await of(told[1] ?? '')).stdout.split('\n').at(-1)).toBe('loaded');
});

test('a table that came with another collation than that of the donor is named, and the dump is lost', async () => {
  const acts = `    *"FROM information_schema.SCHEMATA WHERE CAST"*) printf 'collates\\t73686F70\\t61\\tutf8mb4_uca1400_ai_ci\\t5\\n' ;;
    *"CONVERT(0x61 USING utf8mb4)"*) echo shop.a ;;`;
  const told = ['collates\t73686F70\t61\tutf8mb4_general_ci\t5'];
  const { exitCode, stderr } = await loaded('DO 1;', acts, told);
  expect(stderr).toContain('the collation of shop.a, or of a column there, is not that of the donor');
  expect(exitCode).toBe(1);
});
