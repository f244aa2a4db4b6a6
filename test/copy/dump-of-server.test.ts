// A real MariaDB is dumped by seed-dump.sh: what a client prints around its answers is that of a real one.
import { access, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { tablesQuestion } from '../../src/proofs/rows/tables.ts';
import { scriptText } from '../../src/scripts/script.ts';
import { dumpWords, loadWords } from '../../src/scripts/seed-dump-words.ts';
import { lockWords } from '../../src/snapshot/lock-words.ts';
import { openServer, type Server } from '../history/server.ts';
import { account, staging } from './staging.ts';

let server: Server;
beforeAll(async () => {
  server = await openServer(['--log-bin', '--server-id=7']);
  await server.sql(
    'CREATE DATABASE shop; CREATE TABLE shop.orders (id INT PRIMARY KEY); INSERT INTO shop.orders VALUES (1), (2)',
  );
});
afterAll(() => server.remove());

let base: string;
beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), 'reseed-dump-of-'));
  for (const name of ['unit', 'donor/way-t1']) await mkdir(join(base, name), { recursive: true });
  await writeFile(join(base, 'donor/total'), '1 0 1000\n');
  // The target: what was streamed, and what the donor tells then.
  const streamed = `echo "streamed $(tee '${base}/arrived' | cksum)"`;
  await writeFile(join(base, 'donor/way-t1/call'), `case $2 in stream) ${streamed} ;; *) cat ;; esac\n`);
  await writeFile(join(base, 'login.cnf'), '[client]\nuser=root\n', { mode: 0o600 });
});
afterEach(() => rm(base, { recursive: true, force: true }));

interface More {
  readonly path?: string;
  readonly tables?: readonly string[];
  readonly tool?: 'mysqldump' | 'mydumper';
  readonly blockedSeconds?: number;
}
async function dumped(more: More = {}): Promise<string> {
  const [version = ''] = (await server.sql('SELECT VERSION()')).split('-');
  const { lock, unlock, coordinates, source } = lockWords({ vendor: 'mariadb', version });
  const words = dumpWords({
    ...({ tool: more.tool ?? 'mysqldump', vendor: 'mariadb', busySeconds: 30 } as const),
    blockedSeconds: more.blockedSeconds ?? 30,
    ...{ compression: 'none', patienceSeconds: 10, lock, unlock, coordinates, source, target: 't1' },
    ...{ defaultsFile: join(base, 'login.cnf'), socket: server.socket, folder: join(base, 'donor') },
    ...(more.tables && { tables: more.tables }),
  });
  const args = ['-c', await scriptText('seed-dump'), 'seed-dump.sh', ...words];
  const path = more.path === undefined ? {} : { PATH: `${more.path}:${process.env['PATH']}` };
  const env = { RESEED_FOLDER: join(base, 'unit'), RESEED_INSIDE: 'yes', ...path };
  const { stdout } = await execa('sh', args, { env, reject: false, timeout: 90_000, stdin: 'ignore' });
  return stdout;
}

test('a donor that has prepared no transaction is dumped, and gives its lock back', async () => {
  expect(await dumped()).toMatch(/^blocked \d+$/m);
  expect(await readFile(join(base, 'arrived'), 'utf8')).toContain('INSERT INTO `orders` VALUES\n(1),\n(2);');
});

test('a donor that resolves no names is dumped without the accounts at names of hosts, which it does not load: its dump was lost', async () => {
  await server.sql("CREATE USER app@'app.example' IDENTIFIED BY 'x'; CREATE USER app@'10.0.0.%' IDENTIFIED BY 'x'");
  const told = await dumped();
  expect(told).toMatch(
    /^accounts that its server does not load are not brought \(skip_name_resolve\): .*'app'@'app.example'/m,
  );
  expect(told).not.toContain("'app'@'10.0.0.%'");
  expect(told).toMatch(/^blocked \d+$/m);
  await server.sql("DROP USER app@'app.example', app@'10.0.0.%'");
});

test('a view with a CHECK OPTION over a view whose name comes later is refused by its name: the load ended with ERROR 1368 after all rows', async () => {
  const views =
    'CREATE VIEW shop.`b 2` AS SELECT * FROM shop.orders; CREATE VIEW shop.a1 AS SELECT * FROM shop.`b 2` WHERE 1';
  await server.sql(`${views}; CREATE VIEW shop.c3 AS SELECT * FROM shop.\`b 2\` WHERE 1 WITH CHECK OPTION`);
  try {
    expect(await dumped()).toMatch(/^blocked \d+$/m);
    await server.sql('CREATE OR REPLACE VIEW shop.a1 AS SELECT * FROM shop.`b 2` WHERE 1 WITH CHECK OPTION');
    expect(await dumped()).toMatch(
      /^refused t1 shop\.a1 has a CHECK OPTION, and is over shop\.b 2, a view whose name comes later/m,
    );
  } finally {
    await server.sql('DROP VIEW shop.a1, shop.`b 2`, shop.c3');
  }
});

test('a donor with an XA transaction that is committed a moment later is dumped: one look decided', async () => {
  await server.sql("XA START 'x0'; INSERT INTO shop.orders VALUES (8); XA END 'x0'; XA PREPARE 'x0'");
  const dumping = dumped();
  const seen = () => readFile(join(base, 'unit/work/prepared'), 'utf8').catch(() => '');
  await expect.poll(seen, { timeout: 60_000, interval: 20 }).toContain('formatID');
  await server.sql("XA COMMIT 'x0'");
  expect(await dumping).toMatch(/^blocked \d+$/m);
  expect(await readFile(join(base, 'arrived'), 'utf8')).toContain('(8)');
});

test('a donor with a prepared XA transaction is not dumped, and can write at once', async () => {
  await server.sql("XA START 'x1'; INSERT INTO shop.orders VALUES (3); XA END 'x1'; XA PREPARE 'x1'");
  expect(await dumped()).toContain('lost t1 the donor has 1 prepared XA transactions (XA RECOVER)');
  await server.sql("XA ROLLBACK 'x1'; INSERT INTO shop.orders VALUES (4)");
});

/** Clients in `bin`, where what goes to the session with the read view goes through `sed`. */
async function changeQuestions(sed: string): Promise<void> {
  await mkdir(join(base, 'bin'), { recursive: true });
  const client = `case "$*" in
  *--force*) sed -u "${sed}" | /usr/bin/mariadb "$@" ;;
  *) exec /usr/bin/mariadb "$@" ;;
esac`;
  for (const name of ['mysql', 'mariadb'])
    await writeFile(join(base, 'bin', name), `#!/bin/sh\n${client}\n`, { mode: 0o755 });
}

/** What the dump says where `statements` are run after its lock, and before its tables are listed to be summed. */
async function dumpedWhile(statements: string, tables?: readonly string[]): Promise<string> {
  await changeQuestions(`/collates/e until [ -e ${base}/go ]; do sleep 0.05; done`);
  const dumping = dumped({ path: join(base, 'bin'), ...(tables && { tables }) });
  const isUnlocked = () =>
    access(join(base, 'unit/work/unlocked')).then(
      () => true,
      () => false,
    );
  await expect.poll(isUnlocked, { timeout: 60_000, interval: 20 }).toBe(true);
  await server.sql(statements);
  await writeFile(join(base, 'go'), '');
  return dumping;
}

test('an online schema change that renames a table during the dump ends it: a table came with a part of its rows, and was equal in count and sum', async () => {
  const cutOver = 'RENAME TABLE crm.notes TO crm._notes_del, crm._notes_gho TO crm.notes; DROP TABLE crm._notes_del';
  const copied = `CREATE DATABASE crm; CREATE TABLE crm.notes (id INT PRIMARY KEY); INSERT INTO crm.notes VALUES (1), (2);
    CREATE TABLE crm._notes_gho LIKE crm.notes; INSERT INTO crm._notes_gho VALUES (1)`;
  for (const tables of [undefined, ['crm.notes']]) {
    await server.sql(copied);
    const said = await dumpedWhile(cutOver, tables);
    expect(said).toMatch(/^lost t1 crm\.(_notes_gho|notes) was renamed, dropped or changed/m);
    await server.sql('DROP DATABASE crm');
    for (const name of ['bin', 'go', 'unit/work', 'arrived'])
      await rm(join(base, name), { recursive: true, force: true });
  }
});

test('a donor whose InnoDB lists its tables for longer than the lock may take is refused before the lock: each of three tries blocked its writes to the bound', async () => {
  await changeQuestions('/INNODB_SYS_TABLES/e sleep 3');
  const said = await dumped({ path: join(base, 'bin'), blockedSeconds: 2 });
  expect(said).toMatch(/^refused t1 its InnoDB takes [3-9] s to list its tables, and all writes would wait/m);
  await expect(access(join(base, 'unit/work/coordinates'))).rejects.toThrow('ENOENT');
});

test.each([
  ['of collations', "s/SELECT 'collates'/SELECT no_such_column, 'collates'/", 'summed: ERROR 1054'],
  ['of sums', 's/^  SELECT HEX(t.TABLE_SCHEMA), HEX/  SELECT no_such_column, HEX/', 'summed: ERROR 1054'],
  [
    'of collations, without an error',
    "/collates/,/UNION ALL/s/t.TABLE_TYPE = 'BASE TABLE'/t.TABLE_TYPE = 'NONE'/",
    "the collation of shop.orders could not be read: it can't be compared",
  ],
])('a question that got no answer (%s) was a comparison that passed: nothing was compared', async (_, sed, why) => {
  await changeQuestions(sed);
  const said = await dumped({ path: join(base, 'bin') });
  expect(said).toMatch(/^lost t1 /m);
  expect(said).toContain(why);
  expect(said).not.toContain('whole t1');
});

test('option files that can not be read to their end lose a dump by mydumper before its lock: it began without a login, under the lock', async () => {
  await mkdir(join(base, 'bin'));
  const late = `#!/bin/sh\nif [ -e '${base}/unit/work/shown' ]; then exit 124; fi\nexec /usr/bin/my_print_defaults "$@"\n`;
  await writeFile(join(base, 'bin/my_print_defaults'), late, { mode: 0o755 });
  const said = await dumped({ path: join(base, 'bin'), tool: 'mydumper' });
  expect(said).toContain('lost t1 my_print_defaults did not say in its time');
  await expect(access(join(base, 'unit/work/coordinates'))).rejects.toThrow('ENOENT');
});

test('a table that is made during the dump does not end it, nor do partitions, sequences and names of all kinds that stay', async () => {
  await server.sql(`CREATE DATABASE \`a-b c\`; CREATE TABLE \`a-b c\`.\`t#é.x\` (id INT PRIMARY KEY); INSERT INTO \`a-b c\`.\`t#é.x\` VALUES (5);
    CREATE TABLE \`a-b c\`.\`d $'t\` (id INT PRIMARY KEY); CREATE TABLE shop.parts (id INT PRIMARY KEY) PARTITION BY HASH (id) PARTITIONS 2;
    CREATE SEQUENCE shop.seq; CREATE TABLE shop.mem (id INT) ENGINE = MEMORY;
    CREATE TABLE shop.words (id INT PRIMARY KEY, word TEXT, FULLTEXT (word))`);
  expect(await dumpedWhile('CREATE DATABASE later; CREATE TABLE later.made (id INT PRIMARY KEY)')).toContain(
    'whole t1',
  );
  const told = await readFile(join(base, 'unit/work/told'), 'utf8');
  const summed = [...told.matchAll(/^table\t(\w+)\t(\w+)\t/gm)].map(([, db = '', name = '']) =>
    [db, name].map((one) => Buffer.from(one, 'hex').toString('utf8')).join('.'),
  );
  expect(summed.toSorted()).toEqual(["a-b c.d $'t", 'a-b c.t#é.x', 'shop.orders', 'shop.parts', 'shop.words']);
  const collating = [...told.matchAll(/^collates\t(\w+)\t([\w-]+)\t/gm)].map(
    ([, db = '', name = '']) => `${db} ${name}`,
  );
  const hex = (text: string) => Buffer.from(text).toString('hex').toUpperCase();
  expect(collating).toEqual(expect.arrayContaining([`${hex('a-b c')} -`, `${hex('a-b c')} ${hex('t#é.x')}`]));
  expect(collating.join()).not.toContain(hex('later'));
  // The sequence, and the table in memory.
  expect(told).toMatch(/^untold\t2$/m);
  await server.sql(
    'DROP DATABASE `a-b c`; DROP DATABASE later; DROP TABLE shop.parts, shop.mem, shop.words; DROP SEQUENCE shop.seq',
  );
});

test('a database sys of users, which an older MariaDB does not have of its own, is dumped: it was left out, and no comparison told', async () => {
  // As a server before 10.6 is: its own is gone, and the name is free.
  await server.sql(
    'DROP DATABASE sys; CREATE DATABASE sys; CREATE TABLE sys.jobs (id INT PRIMARY KEY); INSERT INTO sys.jobs VALUES (77)',
  );
  expect(await dumped()).toContain('whole t1');
  expect(await readFile(join(base, 'arrived'), 'utf8')).toContain('INSERT INTO `jobs` VALUES\n(77);');
  const told = await readFile(join(base, 'unit/work/told'), 'utf8');
  const hex = (text: string) => Buffer.from(text).toString('hex').toUpperCase();
  expect(told).toMatch(new RegExp(`^table\t${hex('sys')}\t${hex('jobs')}\t1\t`, 'm'));
  expect(told).toMatch(new RegExp(`^collates\t${hex('sys')}\t${hex('jobs')}\t\\w+\t\\d+$`, 'm'));
  expect(await server.sql(tablesQuestion)).toContain(`${hex('sys')}\t${hex('jobs')}`);
  // With the view that a server's own has, it is the server's.
  await server.sql("CREATE VIEW sys.version AS SELECT '1.5.2' AS sys_version");
  expect(await server.sql(tablesQuestion)).not.toContain(hex('jobs'));
  await server.sql('DROP DATABASE sys');
});

/** What arrived, loaded by a real server: the answer of the script, and which accounts its data has. */
async function loadedByReal() {
  const target = await staging({ size: '900M' });
  try {
    await target.stage.prepare();
    const dump = await readFile(join(base, 'arrived'));
    await writeFile(target.ours('dump'), dump);
    await writeFile(target.ours('dump.how'), `none 1 ${dump.length}\n`);
    await writeFile(target.ours('dump.told'), await readFile(join(base, 'unit/work/told')));
    const words = loadWords({
      ...({ tool: 'mysqldump', vendor: 'mariadb', gtid: false, options: [] } as const),
      ...{ datadir: target.datadir, job: target.job, owner: account.name },
    });
    await mkdir(join(base, 'loading'));
    const script = await scriptText('seed-load');
    await writeFile(join(base, 'loading/script'), script);
    // What is left running ends with the first process, as with a unit.
    const cell = ['--net', '--pid', '--fork', '--kill-child', '--mount-proc'];
    const args = [...cell, 'sh', '-c', script, 'seed-load.sh', ...words];
    const env = { RESEED_FOLDER: join(base, 'loading'), RESEED_INSIDE: 'yes' };
    const { stdout, stderr } = await execa('unshare', args, { env, reject: false, timeout: 100_000, stdin: 'ignore' });
    return { stdout, stderr, accounts: stdout.endsWith('loaded') ? await accountsIn(target.ours('new')) : [] };
  } finally {
    await target.end();
  }
}
/** root is of the installation, in another form. */
const accountsQuestion = "SELECT CONCAT(User, '@', Host, ' ', Priv) FROM mysql.global_priv WHERE User <> 'root'";
/** Those of a server that is down. */
async function accountsIn(datadir: string): Promise<string[]> {
  const told = join(datadir, 'told');
  const words = ['--no-defaults', '--bootstrap', `--datadir=${datadir}`, '--user=root', '--secure-file-priv='];
  await execa('mariadbd', words, { input: `${accountsQuestion} INTO OUTFILE '${told}';\n` });
  return plainAccounts(await readFile(told, 'utf8'));
}
/** When a password was changed is not told. */
const plainAccounts = (lines: string) =>
  lines
    .replaceAll('\\', '')
    .replaceAll(/,?"password_last_changed":\d+/g, '')
    .split('\n')
    .filter((line) => line !== '')
    .toSorted();

test('a dump of a real server is loaded by a real one, with its accounts, and is equal in rows and collations', async () => {
  await server.sql(`CREATE DATABASE wide CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci; CREATE ROLE readers; GRANT SELECT ON shop.* TO readers;
    CREATE TABLE wide.words (id INT PRIMARY KEY, word VARCHAR(20) COLLATE utf8mb4_bin, other VARCHAR(9) CHARACTER SET utf8mb3) CHARACTER SET utf8mb4;
    INSERT INTO wide.words VALUES (1, 'ä', 'ö'); CREATE USER worker@localhost IDENTIFIED BY 'w'; GRANT PROCESS, BINLOG MONITOR ON *.* TO worker@localhost`);
  expect(await dumped()).toContain('whole t1');
  const { stdout, stderr } = await loadedByReal();
  expect(stderr).toBe('');
  expect(stdout).toMatch(/^rows \d+ 2$/m);
  expect(stdout.split('\n').at(-1)).toBe('loaded');
  expect(stdout).not.toContain('refused');
});

test('views over views of accounts of the donor are loaded, and it has the same accounts then: the load ended with ERROR 1449 after all rows', async () => {
  await server.sql(`CREATE DATABASE views; USE views; CREATE TABLE t (id INT PRIMARY KEY); INSERT INTO t VALUES (1);
    CREATE USER app@'10.%' IDENTIFIED BY 'a', \`o'd "d\`@\`%\`, ''@'10.0.0.7'; GRANT SELECT, EXECUTE ON views.* TO app@'10.%', \`o'd "d\`@\`%\`, ''@'10.0.0.7';
    CREATE DEFINER=app@'10.%' FUNCTION twice(n INT) RETURNS INT DETERMINISTIC READS SQL DATA RETURN n * (SELECT MAX(id) FROM t);
    CREATE DEFINER=app@'10.%' VIEW v1 AS SELECT id, twice(id) AS two FROM t; CREATE DEFINER=\`o'd "d\`@\`%\` VIEW v2 AS SELECT * FROM v1;
    CREATE DEFINER=''@'10.0.0.7' VIEW v3 AS SELECT * FROM v2; CREATE DEFINER=nobody@nowhere SQL SECURITY INVOKER VIEW v4 AS SELECT * FROM v3;
    CREATE DEFINER=root@localhost VIEW v5 AS SELECT * FROM v4`);
  expect(await dumped()).toContain('whole t1');
  const { stdout, stderr, accounts } = await loadedByReal();
  expect(stderr).toBe('');
  expect(stdout.split('\n').at(-1)).toBe('loaded');
  expect(accounts).toEqual(plainAccounts(await server.sql(accountsQuestion)));
  await server.sql(`DROP DATABASE views; DROP USER app@'10.%', \`o'd "d\`@\`%\`, ''@'10.0.0.7'`);
});
