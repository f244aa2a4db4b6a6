// What the index of a donor's binary logs names, on a target that has other paths: two MariaDBs of this machine, and the script itself.
import { type ChildProcess, spawn } from 'node:child_process';
import { chmod, cp, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { scriptText } from '../../src/scripts/script.ts';
import { proofOfFilesWords } from '../../src/scripts/seed-proof-words.ts';
import { account } from './staging.ts';

let base: string;
const running: ChildProcess[] = [];
beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), 'reseed-lines-'));
});
afterEach(async () => {
  for (const one of running.splice(0)) one.kill('SIGKILL');
  await vi.waitFor(() => rm(base, { recursive: true, force: true }), { timeout: 30_000 });
});

async function checked(datadir: string, owner = 'root:root'): Promise<string> {
  const words = proofOfFilesWords({ datadir, unit: 'no-such-unit', owner });
  const { stdout } = await execa('sh', ['-c', await scriptText('seed-proof'), 'seed-proof.sh', ...words]);
  return stdout;
}

const small = [
  '--no-defaults',
  '--user=root',
  '--skip-networking',
  '--skip-name-resolve',
  '--innodb-buffer-pool-size=16M',
];

/** As most shops write it: `log_bin` with its folder. */
async function open(datadir: string) {
  const socket = `${datadir}.sock`;
  const words = [
    ...small,
    `--datadir=${datadir}`,
    `--socket=${socket}`,
    `--tmpdir=${base}`,
    `--pid-file=${datadir}.pid`,
  ];
  const one = spawn('mariadbd', [...words, `--log-bin=${datadir}/mysql-bin`, '--server-id=1'], { stdio: 'ignore' });
  running.push(one);
  const over = new Promise((ended) => one.once('close', ended));
  const sql = async (text: string) =>
    (await execa('mysql', ['--no-defaults', `--socket=${socket}`, '-uroot', '-NB', '-e', text])).stdout;
  await vi.waitFor(() => sql('SELECT 1'), { timeout: 60_000, interval: 100 });
  const stop = async () => {
    await sql('SHUTDOWN');
    await over;
  };
  return { sql, stop };
}
const logsOf = async (datadir: string) => (await readdir(datadir)).filter((name) => /^mysql-bin\.\d+$/.test(name));

test('a copy on another path has the logs that came with it as its own: those of the donor, which runs beside it, stay', async () => {
  const [donor, copy] = [join(base, 'donor'), join(base, 'copy')] as const;
  await mkdir(donor);
  const install = ['--no-defaults', `--datadir=${donor}`, '--skip-test-db', '--auth-root-authentication-method=normal'];
  await execa('mariadb-install-db', [...install, '--user=root'], { stdin: 'ignore' });
  const first = await open(donor);
  await first.sql('CREATE DATABASE shop; FLUSH BINARY LOGS; CREATE TABLE shop.t (id INT)');
  await first.stop();
  await cp(donor, copy, { recursive: true, preserveTimestamps: true });
  const again = await open(donor);
  expect(await readFile(join(copy, 'mysql-bin.index'), 'utf8')).toContain(`${donor}/mysql-bin.000001`);

  expect(await checked(copy)).not.toContain('trouble');
  const lines = (await readFile(join(copy, 'mysql-bin.index'), 'utf8')).trim().split('\n');
  expect(lines).toEqual((await logsOf(copy)).map((name) => `./${name}`));
  expect((await stat(join(copy, 'mysql-bin.index'))).mode).toBe((await stat(join(donor, 'mysql-bin.index'))).mode);

  const before = await logsOf(donor);
  const second = await open(copy);
  await second.sql('RESET MASTER');
  expect(await logsOf(donor)).toEqual(before);
  expect((await again.sql('SHOW BINARY LOGS')).split('\n')).toHaveLength(before.length);
}, 240_000);

test.each([
  ['a log that did not come', '/srv/other/mysql-bin.000009\n'],
  ['a way out of the datadir', './mysql-bin.000001\n../donor/mysql-bin.000002\n'],
])('an index that names %s is told, and nothing is started on it', async (_, text) => {
  const copy = join(base, 'copy');
  await mkdir(join(copy, 'logs'), { recursive: true });
  for (const file of ['bin.index', 'logs/any.index', 'odd']) await writeFile(join(copy, file), text);
  await writeFile(join(copy, 'mysql-bin.000001'), '');
  // Not an index: other lines.
  await writeFile(join(copy, 'note'), `${text}a note\n`);
  // Of root alone, as the folder of the job and lost+found are.
  await mkdir(join(copy, '.reseed-cafe'), { mode: 0o700 });
  await execa('chown', ['-R', account.name, copy]);
  await execa('chown', ['root:root', join(copy, '.reseed-cafe')]);
  await chmod(base, 0o755);
  const told = await checked(copy, account.name);
  expect(told.match(/^trouble \S+ names \S+ as a log of its server, which is not in /gm)).toHaveLength(3);
  expect(told).not.toContain('./note');
  expect((await readdir(copy)).toSorted()).toEqual([
    '.reseed-cafe',
    'bin.index',
    'logs',
    'mysql-bin.000001',
    'note',
    'odd',
  ]);
});

test('the last line of an index that a crash left without its end is kept', async () => {
  const copy = join(base, 'copy');
  await mkdir(copy);
  for (const name of ['mysql-bin.000001', 'mysql-bin.000002']) await writeFile(join(copy, name), '');
  await writeFile(join(copy, 'mysql-bin.index'), '/srv/d/mysql-bin.000001\n/srv/d/mysql-bin.000002');
  expect(await checked(copy)).not.toContain('trouble');
  expect(await readFile(join(copy, 'mysql-bin.index'), 'utf8')).toBe('./mysql-bin.000001\n./mysql-bin.000002\n');
});
