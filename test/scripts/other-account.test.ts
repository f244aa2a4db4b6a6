// A process of another account that looks like the server of a datadir: it keeps the datadir from being free, and is asked and believed nothing.
import { existsSync } from 'node:fs';
import { chmod, chown, copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readService } from '../../src/host/server/service.ts';
import { startApplierWords, stopApplierWords } from '../../src/scripts/applier-words.ts';
import { namedWords } from '../../src/scripts/named-words.ts';
import { scriptText } from '../../src/scripts/script.ts';
import { lookWords, whichWords } from '../../src/scripts/service-words.ts';
import { readLook } from '../../src/service/look.ts';
import { type Alone, openAlone } from '../alone.ts';

const [server, other] = [64_001, 64_002];
let base: string;
let datadir: string;
let alone: Alone;
beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), 'reseed-other-'));
  datadir = join(base, 'data');
  alone = await openAlone();
  await chmod(base, 0o755);
  await mkdir(datadir);
  await chown(datadir, server, server);
  await mkdir(join(base, 'bin'));
  await copyFile('/bin/bash', join(base, 'mysqld'));
  await program(
    'systemctl',
    "case $* in *ActiveState*) echo active ;; *NRestarts*) echo 0 ;; *Job*) ;; *) echo 'success' ;; esac",
  );
  await program('journalctl', '');
  await program('mysql', 'echo asked >>"$0.asked"');
});
afterEach(async () => {
  await alone.end();
  await rm(base, { recursive: true });
});

async function program(name: string, text: string): Promise<void> {
  await writeFile(join(base, 'bin', name), `#!/bin/sh\n${text}\n`);
  await chmod(join(base, 'bin', name), 0o755);
}

const pidsFrom = (pid: number) => alone.run('sh', ['-c', `echo ${pid} >/proc/sys/kernel/ns_last_pid`]);
const startedBy = (uid: number) => alone.start(join(base, 'mysqld'), ['-pc', 'sleep 1000 & wait'], datadir, uid);
/** One that listens, as a server whose start is over; its pid. */
async function listening(
  uid: number,
  where = join(base, `run-${uid}`),
  name = join(where, 'own.sock'),
): Promise<number> {
  await mkdir(where, { recursive: true });
  await chown(where, uid, uid);
  await mkdir(join(base, 'listens'), { recursive: true });
  await copyFile('/usr/bin/perl', join(base, 'listens', 'mysqld'));
  const listens = `use Socket; socket(S, AF_UNIX, SOCK_STREAM, 0); bind(S, pack_sockaddr_un("${name}")) or die; listen(S, 5); open(F, ">", "${where}/up"); sleep 1000`;
  const pid = await alone.start(join(base, 'listens', 'mysqld'), ['-e', listens], datadir, uid);
  await expect.poll(() => existsSync(join(where, 'up'))).toBe(true);
  return pid;
}
const asked = async () => (await readFile(join(base, 'bin', 'mysql.asked'), 'utf8').catch(() => '')) !== '';

async function said(name: 'service' | 'applier' | 'seed-start', words: readonly string[]): Promise<string> {
  const env = { PATH: `${join(base, 'bin')}:${process.env.PATH}` };
  const { all } = await alone.run('sh', ['-c', await scriptText(name), `${name}.sh`, ...words], { env });
  return `${all}\n`;
}
const looked = async () => readLook(await said('service', lookWords({ unit: 'mysql', datadir, log: '', from: '0' })));

test('is not logged in to: it got the password of our login for MySQL, and was "ready"', async () => {
  const pid = await startedBy(other);
  // It still works there.
  expect(await looked()).toMatchObject({
    process: `${pid} mysqld (of ${other}, which is no account of its server: it is not asked)`,
    ready: false,
  });
  expect(await asked()).toBe(false);
  expect(await said('service', whichWords(datadir))).toBe('none\n');
});

test('is not logged in to where its program is a setuid one of root', async () => {
  await chmod(join(base, 'mysqld'), 0o4755);
  await startedBy(other);
  expect(await looked()).toMatchObject({ ready: false });
  expect(await asked()).toBe(false);
});

test.each([
  ['of the owner of the datadir', server],
  ['of root, which a server is before it becomes that account', 0],
])('stands before a server %s, which is asked', async (_, uid) => {
  await pidsFrom(1000);
  await startedBy(other);
  await pidsFrom(2000);
  const pid = await listening(uid);
  expect(await looked()).toMatchObject({ process: `${pid} mysqld`, ready: true });
  expect(await asked()).toBe(true);
  expect(await said('service', whichWords(datadir))).toMatch(new RegExp(`^${pid} `));
});

test('a server in a datadir of root, which its group may write to, is asked', async () => {
  await mkdir(join(datadir, 'mysql'));
  await chown(join(datadir, 'mysql'), server, server);
  await chown(datadir, 0, server);
  await startedBy(other);
  const pid = await listening(server);
  expect(await looked()).toMatchObject({ process: `${pid} mysqld`, ready: true });
});

test.each(['of the group', 'of no known account'])(
  'a server in a datadir %s is asked, as the account that its unit names: its start was waited for without end',
  async (how) => {
    const [dba, unknown] = [64_003, 65_534];
    await chown(datadir, how === 'of the group' ? dba : unknown, server);
    if (how === 'of the group') {
      await mkdir(join(datadir, 'mysql'));
      await chown(join(datadir, 'mysql'), server, server);
    } else {
      // A file, since no account of this host has that number.
      await program('id', `[ "$*" = '-nu -- ${server}' ] && echo shop || exec /usr/bin/id "$@"`);
      await program(
        'systemctl',
        "case $* in *'-p User'*) echo shop ;; *ActiveState*) echo active ;; *) echo 0 ;; esac",
      );
    }
    await startedBy(other);
    expect(await looked()).toMatchObject({ ready: false });
    const pid = await listening(server);
    expect(await looked()).toMatchObject({ process: `${pid} mysqld`, ready: true });
  },
);

test('is told of with its account where a seed is to start the server', async () => {
  const pid = await startedBy(other);
  const again = await said('seed-start', ['again', ...namedWords({ unit: 'mysql', job: 'cafe', datadir, log: '' })]);
  expect(again).toContain(`process ${pid} works in ${datadir} as ${other}, which is no account of its server`);
});

test('a server that listens nowhere, as in its recovery, is not logged in to where the client would look: another answered there, and it was "ready"', async () => {
  await startedBy(server);
  expect(await looked()).toMatchObject({ ready: false });
  expect(await asked()).toBe(false);
  // A wrapper of this name listens nowhere; what it runs does.
  await listening(server);
  expect(await looked()).toMatchObject({ ready: true });
  expect(await asked()).toBe(true);
});

test('a server whose client root may not run is not asked, and the look says why', async () => {
  await chown(join(base, 'bin', 'mysql'), server, server);
  await startedBy(server);
  // It does not listen yet.
  expect((await looked())?.refused).toBeUndefined();
  await listening(server);
  expect(await looked()).toMatchObject({
    ready: false,
    refused: `${join(base, 'bin', 'mysql')} would be run as root: mysql belongs to another account than root: chown it, and the folders on the way to it, to root`,
  });
  expect(await asked()).toBe(false);
});

test('a server is logged in to at its own socket, of whatever name', async () => {
  await program('mysql', `printf '%s\\n' "$@" | grep ^--socket= >"$0.asked"`);
  const where = async () => await readFile(join(base, 'bin', 'mysql.asked'), 'utf8');
  for (const name of ['an own.sock', 'relative.sock']) {
    const folder = name === 'relative.sock' ? datadir : join(base, 'run');
    const pid = await listening(server, folder, name === 'relative.sock' ? name : join(folder, name));
    expect(await looked()).toMatchObject({ ready: true });
    expect(await where()).toBe(`--socket=${join(folder, name)}\n`);
    await alone.kill(pid);
  }
});

/** What these lines of a shell print, after prelude.sh and a fragment. */
async function printed(fragment: string, lines: string): Promise<string> {
  const prelude = (await scriptText('check')).split('\n#!/bin/sh\n')[0];
  const text = await readFile(new URL(`../../src/scripts/${fragment}.sh`, import.meta.url), 'utf8');
  return (await alone.run('sh', ['-c', `${prelude}\n${text}\n${lines}`])).all;
}

test('has no program that is run, as the account of the server, to tell its version', async () => {
  const path = () => printed('server-reads', `server_program '' '${datadir}'`);
  await startedBy(other);
  expect(await path()).not.toContain(base);
  await startedBy(server);
  expect(await path()).toBe(join(base, 'mysqld'));
});

test.each([
  ['0::/user.slice/user-1000.slice/user@1000.service/app.slice/ssh.service', ''],
  ['1:name=systemd:/user.slice/user-1000.slice/user@1000.service/ssh.service', ''],
  ['0::/system.slice/runner.service/ssh.service', ''],
  ['0::/system.slice/mysql.service', 'mysql'],
  ['0::/system.slice/system-mysql.slice/mysql@prod.service', 'mysql@prod'],
  ['12:pids:/lxc/db2/system.slice/mysql.service', 'mysql'],
])(
  'is in no unit of the host where that is of its own making: %s was %s.service, which a stop would have stopped',
  async (cgroup, unit) => {
    expect(await printed('server-reads', `unit_in '${cgroup}'`)).toBe(unit);
    const shown = ['mysql', 'ssh', 'mysql@prod'].map(
      (one) => `Id=${one}.service\nLoadState=loaded\nActiveState=inactive\n`,
    );
    const service = readService(
      new Map([
        ['process', { text: `846\n${cgroup}`, status: '0', cut: false }],
        ['unit', { text: shown.join('\n'), status: '0', cut: false }],
      ]),
    );
    // The first that exists, where none is known to run it.
    expect(service).toMatchObject({ ok: true, value: { unit: unit || 'mysql' } });
  },
);

test.each([
  ['one that cron runs for an account', 'cron', 'other', false],
  ['one that is started by hand in a shell of a unit that has ended its program', 'db', '0', true],
  ['one whose parent is the main process of its unit', 'db', 'parent', true],
  ['one that is the main process', 'db', 'itself', true],
  ['one below supervisord, which runs other programs too', 'supervisor', 'supervisor', false],
  ['one whose wrapper is started by the command line of its unit', 'db', 'grandparent', true],
  ['one in a unit with the name of a server', 'mysqld@prod', 'other', true],
  ['one whose unit is not told', 'cron', '', false],
])('%s is in the unit of a server: a stop would have stopped cron', async (_, unit, main, isServers) => {
  // Its parent is no shell.
  await copyFile('/usr/bin/perl', join(base, 'supervisord'));
  const runs = `exec { $ARGV[0] } $ARGV[0], "-pc", "sleep 1000 & wait" unless fork; sleep 1000`;
  const below = main === 'supervisor' || main === 'grandparent';
  const above = below ? await alone.start(join(base, 'supervisord'), ['-e', runs, join(base, 'mysqld')], base) : 0;
  const child = `cat /proc/${above}/task/${above}/children`;
  if (below) await expect.poll(async () => (await alone.run('sh', ['-c', child])).stdout).not.toBe('');
  const pid = below ? Number((await alone.run('sh', ['-c', child])).stdout) : await startedBy(server);
  const mainProcess = {
    supervisor: `echo ${above}`,
    grandparent: `echo ${above}`,
    other: 'echo 987654',
    parent: `sed -n 's/^PPid:[^0-9]*//p' /proc/${pid}/status`,
    itself: `echo ${pid}`,
  }[main];
  const starts = main === 'grandparent' ? '/opt/mysql/bin/mysqld_safe' : '/usr/bin/supervisord';
  const shown = `systemctl() { echo 'ExecStart={ path=${starts} ; argv[]=${starts} --nodaemon ; ignore_errors=no ; }'; };`;
  const lines = `${shown} unit_in() { echo ${unit}; }; timeout() { ${mainProcess ?? `echo ${main}`}; }; service_of ${pid}`;
  expect(await printed('server-reads', lines)).toBe(isServers ? unit : '');
});

test('is not shown as the server while one runs in a unit of the host', async () => {
  // Its pid is read first.
  await pidsFrom(1000);
  await startedBy(other);
  await pidsFrom(2000);
  const pid = await startedBy(server);
  const probe = (await scriptText('probe')).replace(
    /^service_of\(\) .*$/m,
    `service_of() { [ "$1" != ${pid} ] || echo mysql; }`,
  );
  const words = ['mark', '', '', '', '', 'x', 'own_status=', 'own_datadir=', 'own_port=', 'look='];
  const env = { PATH: `${join(base, 'bin')}:${process.env.PATH}` };
  const { all } = await alone.run('sh', ['-c', probe, 'probe.sh', ...words], { env, input: '1 service\n' });
  expect(all).toContain(`mark section process\n${pid}\n`);
});

test('has no error log read by root, by a setuid program of that name: a link there showed files of root', async () => {
  await chmod(join(base, 'mysqld'), 0o4755);
  const pid = await startedBy(server);
  const uids = (await alone.run('grep', ['^Uid:', `/proc/${pid}/status`])).stdout;
  expect(uids).toBe(`Uid:\t${server}\t0\t0\t0`);
  const reader = await printed('log-reader', `log_reader '${datadir}/error.log' server ${pid} '${datadir}' ''`);
  expect(reader).toContain(`setpriv --reuid=${server} --regid=${server} `);
});

test('does not say which account reads the error log of a start', async () => {
  await pidsFrom(1000);
  await startedBy(other);
  await pidsFrom(2000);
  await startedBy(server);
  await writeFile(join(datadir, 'error.log'), 'of the server\n', { mode: 0o600 });
  await chown(join(datadir, 'error.log'), server, server);
  const log = join(datadir, 'error.log');
  const look = readLook(await said('service', lookWords({ unit: 'mysql', datadir, log, from: '0' })));
  expect(look?.logLines).toEqual(['of the server']);
});

test('is not noted as the server whose applier was stopped: it stayed stopped, and was said to run again', async () => {
  const status = ['Slave_IO_Running', 'Slave_SQL_Running', 'Last_IO_Errno', 'Last_SQL_Errno', 'Channel_Name'].join(
    '\\t',
  );
  await program(
    'mysql',
    `for sql in "$@"; do :; done
case $sql in --*) sql=$(cat) ;; esac
printf '%s\\n' "$sql" >>"$0.asked"
case $sql in
  *datadir*) echo '${datadir}' ;;
  'SHOW SLAVE STATUS') printf '${status}\\nYes\\t%s\\t0\\t0\\t\\n' "$(cat "$0.runs")"; echo No >"$0.runs" ;;
  *slave_worker_info*) echo 0 ;;
esac`,
  );
  await writeFile(join(base, 'bin', 'mysql.runs'), 'Yes\n');
  await pidsFrom(1000);
  const gone = await startedBy(other);
  await pidsFrom(2000);
  const pid = await startedBy(server);
  const job = `o${process.pid}`;
  const record = `/run/reseed/applier-${job}`;
  try {
    await said('applier', stopApplierWords({ job, word: 'SLAVE' }));
    expect(await readFile(record, 'utf8')).toMatch(new RegExp(`^${pid} `));
    await alone.kill(gone);
    await writeFile(join(base, 'bin', 'mysql.asked'), '');
    expect(await said('applier', startApplierWords(job))).toBe('\n');
    expect(await readFile(join(base, 'bin', 'mysql.asked'), 'utf8')).toContain('EXECUTE');
    await expect(readFile(record)).rejects.toThrow('ENOENT');
    // One that is another process by now is as it starts, which is said.
    await said('applier', stopApplierWords({ job, word: 'SLAVE' }));
    await alone.kill(pid);
    await startedBy(server);
    expect(await said('applier', startApplierWords(job))).toContain('the server was started again since');
  } finally {
    await rm(record, { force: true });
  }
});
