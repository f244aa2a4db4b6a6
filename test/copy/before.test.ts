// The server of a target, stopped by a seed and started again when that is undone: it replicates and takes writes as before, and no more.
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { scriptText } from '../../src/scripts/script.ts';

const job = 'cafe';
let base: string;
let datadir: string;
let unit: string;
let servers: Promise<unknown>[];

// It answers as a server of the practice fleet did whose applier was stopped by hand, and writes down what it is asked.
const client = `#!/bin/sh
for sql in "$@"; do :; done
printf '%s\\n' "$sql" >>"$0.asked"
[ ! -e "$0.refuses" ] || { echo 'ERROR 1045 (28000): Access denied' >&2; exit 1; }
case $sql in
  *performance_schema.replication_connection_status*)
    echo "sql START REPLICA IO_THREAD FOR CHANNEL ''"
    echo "sql STOP REPLICA SQL_THREAD FOR CHANNEL ''" ;;
  *@@GLOBAL.performance_schema*) echo 1 ;;
  *'SELECT VERSION'*) echo 9.7.4 ;;
  *'SELECT @@datadir'*) cat "$0.datadir" 2>/dev/null || echo "\${0%/*}/../data" ;;
  *"'option --read-only="*)
    echo 'option --read-only=1'
    echo 'option --super-read-only=0'
    echo 'sql SET GLOBAL read_only = 1'
    echo 'sql SET GLOBAL super_read_only = 0' ;;
esac
`;
// Its start is the fake server's, with what the drop-in says of its command line.
const systemctl = `#!/bin/sh
printf '%s\\n' "$*" >>"$0.said"
here=\${0%/*}
case "$*" in
  'show -p Id --value'*) echo "$6.service" ;;
  cat*) printf '[Service]\\nExecStart=/usr/sbin/mysqld --user=mysql\\n' ;;
  'start --no-block'*)
    cp /etc/systemd/system/$3.service.d/*.conf "$here/started" 2>/dev/null
    cd "$here/../data" && setsid "$here/mysqld" --skip-replica-start </dev/null >/dev/null 2>&1 &
    while [ ! -e "$here/runs" ]; do sleep 0.05; done ;;
esac
exit 0
`;
const server = `#!/bin/sh
echo $$ >"\${0%/*}/runs"
while :; do sleep 0.2; done
`;

beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), 'reseed-before-'));
  datadir = join(base, 'data');
  unit = `reseed-test-${base.slice(-6).toLowerCase()}`;
  servers = [];
  await mkdir(join(base, 'bin'));
  await mkdir(datadir);
  for (const [name, text] of Object.entries({ mysql: client, systemctl, mysqld: server })) {
    await writeFile(join(base, 'bin', name), text);
    await chmod(join(base, 'bin', name), 0o755);
  }
});
afterEach(async () => {
  await endServer();
  await rm(base, { recursive: true });
  await rm(`/etc/systemd/system/${unit}.service.d`, { recursive: true, force: true });
  await rm(`/var/lib/reseed/before/${job}-${unit}`, { force: true });
});

async function said(verb: string, ...words: string[]) {
  const args = ['-c', await scriptText('seed-before'), 'seed-before.sh', verb, unit, job, datadir, '', '', ...words];
  const env = { PATH: `${join(base, 'bin')}:${process.env.PATH}` };
  const { exitCode, all } = await execa('sh', args, { env, reject: false, all: true, timeout: 60_000 });
  return { exitCode, said: all };
}
const noted = () => said('note', 'REPLICA', "CHANGE REPLICATION FILTER REPLICATE_IGNORE_DB = (`tmp1`) FOR CHANNEL ''");
const restarted = () => said('restart', '--skip-replica-start');
const told = (name: string) => readFile(join(base, 'bin', name), 'utf8').catch(() => '');

async function startServer() {
  const child = execa(join(base, 'bin', 'mysqld'), [], { cwd: datadir, reject: false });
  servers.push(child);
  while ((await told('runs')) === '') await new Promise((resolve) => setTimeout(resolve, 20));
}

async function endServer() {
  const pid = Number(await told('runs'));
  if (pid > 0) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  }
  await Promise.all(servers);
  await rm(join(base, 'bin', 'runs'), { force: true });
}

describe('a seed that is undone', () => {
  test('leaves a replica stopped that was stopped, read-only as it was, and with its filter', async () => {
    await startServer();
    expect(await noted()).toEqual({ exitCode: 0, said: '' });
    await endServer();
    await writeFile(join(base, 'bin', 'mysql.asked'), '');
    expect(await restarted()).toEqual({ exitCode: 0, said: '' });
    // Until it was told, it neither replicated nor took writes that it did not take before.
    expect(await told('started')).toContain(
      'ExecStart=/usr/sbin/mysqld --user=mysql --skip-replica-start --read-only=1 --super-read-only=0',
    );
    expect(await told('mysql.asked')).toContain(
      [
        'SET GLOBAL read_only = 1;',
        'SET GLOBAL super_read_only = 0;',
        "CHANGE REPLICATION FILTER REPLICATE_IGNORE_DB = (`tmp1`) FOR CHANNEL '';",
        "START REPLICA IO_THREAD FOR CHANNEL '';",
        "STOP REPLICA SQL_THREAD FOR CHANNEL '';",
      ].join('\n'),
    );
    await expect(readFile(`/etc/systemd/system/${unit}.service.d/reseed-${job}-start.conf`)).rejects.toThrow('ENOENT');
    await expect(readFile(`/var/lib/reseed/before/${job}-${unit}`)).rejects.toThrow('ENOENT');
  });

  test('before its server was stopped, does nothing to it', async () => {
    await startServer();
    await noted();
    await writeFile(join(base, 'bin', 'systemctl.said'), '');
    expect(await restarted()).toEqual({ exitCode: 0, said: '' });
    expect(await told('systemctl.said')).not.toContain('start');
  });

  test('of a server that lets us not in, starts it as its options say, and says so', async () => {
    await startServer();
    await writeFile(join(base, 'bin', 'mysql.refuses'), '');
    expect(await noted()).toMatchObject({
      exitCode: 0,
      said: expect.stringContaining('! which replication threads run is not known'),
    });
    await endServer();
    expect(await restarted()).toEqual({ exitCode: 0, said: '' });
    expect(await told('started')).toBe('');
    expect(await told('systemctl.said')).toContain(`start --no-block ${unit}`);
  });

  test('says none of its statements to another server of the host, which answers in its place', async () => {
    await startServer();
    await writeFile(join(base, 'bin', 'mysql.datadir'), `${base}/\n`);
    expect(await noted()).toMatchObject({
      exitCode: 0,
      said: expect.stringContaining('! which replication threads run is not known'),
    });
    await rm(join(base, 'bin', 'mysql.datadir'));
    expect(await noted()).toEqual({ exitCode: 0, said: '' });
    await endServer();
    await writeFile(join(base, 'bin', 'mysql.datadir'), `${base}/\n`);
    expect(await restarted()).toMatchObject({
      exitCode: 1,
      said: expect.stringContaining('reaches another server of this host'),
    });
    expect(await told('mysql.asked')).not.toMatch(/^(?:SET GLOBAL|CHANGE|START|STOP)/m);
    await rm(join(base, 'bin', 'mysql.datadir'));
    expect(await restarted()).toEqual({ exitCode: 0, said: '' });
    expect(await told('mysql.asked')).toContain("START REPLICA IO_THREAD FOR CHANNEL ''");
  });

  test('does not start a server whose old data is gone, or not back yet', async () => {
    await startServer();
    await noted();
    await endServer();
    const folder = join(datadir, `.reseed-${job}`);
    await mkdir(folder, { mode: 0o700 });
    const { stdout: inode } = await execa('stat', ['-c', '%i', datadir]);
    await writeFile(join(folder, 'job'), `${job} ${inode}\n`);
    await writeFile(join(folder, 'phase'), 'switched\n');
    expect(await restarted()).toMatchObject({ exitCode: 3, said: expect.stringContaining('stays down') });
    await writeFile(join(folder, 'phase'), 'cleared\n');
    expect(await restarted()).toMatchObject({ exitCode: 0, said: expect.stringContaining('stays down') });
    expect(await told('runs')).toBe('');
  });
});
