// A real MariaDB is dumped by seed-dump.sh: what a client prints around its answers is that of a real one.
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { scriptText } from '../../src/scripts/script.ts';
import { dumpWords } from '../../src/scripts/seed-dump-words.ts';
import { lockWords } from '../../src/snapshot/lock-words.ts';
import { openServer, type Server } from '../history/server.ts';

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
  // What was streamed to the target.
  await writeFile(join(base, 'donor/way-t1/call'), `cat >>'${base}/arrived'\n`);
  await writeFile(join(base, 'login.cnf'), '[client]\nuser=root\n', { mode: 0o600 });
});
afterEach(() => rm(base, { recursive: true, force: true }));

async function dumped(): Promise<string> {
  const [version = ''] = (await server.sql('SELECT VERSION()')).split('-');
  const { lock, unlock, coordinates, source } = lockWords({ vendor: 'mariadb', version });
  const words = dumpWords({
    ...({ tool: 'mysqldump', vendor: 'mariadb', busySeconds: 30, blockedSeconds: 30 } as const),
    ...{ compression: 'none', patienceSeconds: 10, lock, unlock, coordinates, source, target: 't1' },
    ...{ defaultsFile: join(base, 'login.cnf'), socket: server.socket, folder: join(base, 'donor') },
  });
  const args = ['-c', await scriptText('seed-dump'), 'seed-dump.sh', ...words];
  const env = { RESEED_FOLDER: join(base, 'unit') };
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
