// The server of a target that a seed stops, and that an undo starts again: it replicates and takes writes as before,
// and no more.
import { chmod, chown, copyFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { scriptText } from '../../src/scripts/script.ts';
import {
  type BeforeVerb,
  type BeforeWords,
  type PlannedUse,
  seedBeforeWords,
} from '../../src/scripts/seed-before-words.ts';
import { type Alone, openAlone } from '../alone.ts';

const job = 'cafe';
let base: string;
let datadir: string;
let unit: string;
let alone: Alone;

// It answers as a server of the practice fleet whose applier was stopped by hand, and records what it is asked.
const client = `#!/bin/sh
here=\${0%/*}
for sql in "$@"; do :; done
case $sql in --*) sql=$(cat) ;; esac
printf '%s\\n' "$sql" >>"$0.asked"
[ ! -e "$0.refuses" ] || { echo 'ERROR 1045 (28000): Access denied' >&2; exit 1; }
if [ -e "$here/mariadb.says" ]; then . "$here/mariadb.says"; exit; fi
case $sql in
  *performance_schema.replication_connection_status*)
    echo 'thread START IO_THREAD .'
    echo "thread STOP SQL_THREAD .$(cat "$here/channel" 2>/dev/null)" ;;
  *@@GLOBAL.performance_schema*) echo 1 ;;
  *'SELECT VERSION'*) echo 9.7.4 ;;
  *'SELECT @@datadir'*) cat "$0.datadir" 2>/dev/null || echo "\${0%/*}/../data" ;;
  'SELECT @@GLOBAL.event_scheduler') cat "$here/scheduler.now" 2>/dev/null || echo ON ;;
  'SELECT @@GLOBAL.read_only') cat "$here/read-only" 2>/dev/null || echo 1 ;;
  'SHOW REPLICA STATUS') [ ! -e "$here/channels" ] || cat "$here/channels" ;;
  'SELECT COUNT('*) cat "$here/clients" 2>/dev/null || echo 0 ;;
  'SELECT @@GLOBAL.gtid_executed') cat "$here/gtids" 2>/dev/null ;;
  'SHOW BINARY LOG STATUS') exit 1 ;;
  'SHOW MASTER STATUS') cat "$here/log" ;;
  *PROCESSLIST*) [ ! -e "$here/dumps" ] || cat "$here/dumps" ;;
  'SHOW REPLICAS') [ ! -e "$here/replicas" ] || cat "$here/replicas" ;;
  *"'read_only '"*)
    [ ! -e "$here/scheduler" ] || echo "event_scheduler $(cat "$here/scheduler")"
    echo 'read_only 1'
    echo 'super_read_only 0' ;;
esac
`;
const connectsAtThirdLook = client.replace(
  'case $sql in\n',
  `if [ "$sql" = 'DO 0' ]; then
  echo x >>"$0.looks"; [ "$(wc -l <"$0.looks")" -gt 2 ] || { echo 'ERROR 2002 (HY000): none' >&2; exit 1; }
fi
case $sql in
`,
);
/** The answers of a MariaDB, with changes of a test. */
const mariadb = (own: string) => `case $sql in
  'SELECT COUNT('*) echo 0 ;;
${own}
  *'SELECT @@datadir'*) cat "$0.datadir" 2>/dev/null || echo "\${0%/*}/../data" ;;
  *'SELECT VERSION'*) echo 10.11.19-MariaDB ;;
  'SELECT @@GLOBAL.event_scheduler') cat "$here/scheduler.now" 2>/dev/null || echo ON ;;
  *"'read_only '"*)
    [ ! -e "$here/scheduler" ] || echo "event_scheduler $(cat "$here/scheduler")"
    echo 'read_only 0' ;;
  'SELECT @@GLOBAL.read_only') echo 0 ;;
  *HEX*replicate_ignore_db*) echo 'filter ignore_db 746D7031' ;;
  *HEX*replicate_*) echo "$sql" | sed "s/.*'filter \\([a-z_]*\\) .*/filter \\1 /" ;;
  *'SHOW ALL SLAVES STATUS'*) : ;;
esac
`;
// The fake server is started with the command line of the drop-in.
const systemctl = `#!/bin/sh
printf '%s\\n' "$*" >>"$0.said"
here=\${0%/*}
case "$*" in
  'show -p Id --value'*) echo "$6.service" ;;
  'show -p ActiveState --value'*) cat "$here/state" 2>/dev/null ;;
  'show -p Result --value'*) echo exit-code ;;
  'show -p NRestarts --value'*) [ ! -e "$here/restarts" ] || . "$here/restarts" ;;
  cat*)
    printf '# /lib/systemd/system/%s.service\\n[Service]\\nExecStart=%s\\n' "$2" "$(cat "$here/command")"
    for one in /etc/systemd/system/$2.service.d/*.conf; do [ ! -e "$one" ] || { echo "# $one"; cat "$one"; }; done ;;
  'start --no-block'*)
    if [ -e "$here/start-fails" ]; then cat "$here/start-fails" >>"$here/../error.log"; echo failed >"$here/state"; exit 0; fi
    for one in /etc/systemd/system/$3.service.d/*.conf; do [ ! -e "$one" ] || cp "$one" "$here/started"; done
    cd "$here/../data" && setsid "$here/mysqld" $(grep -s -o -e '--skip-[a-z]*-start' "$here/started") </dev/null >/dev/null 2>&1 &
    while [ ! -e "$here/runs" ]; do sleep 0.05; done ;;
esac
exit 0
`;
// It listens, as a server whose start is over. It starts no process: a new process could be taken for a server.
const server = `#!/usr/bin/perl
use Socket;
socket(S, AF_UNIX, SOCK_STREAM, 0) && bind(S, pack_sockaddr_un("$0.sock.$$")) && listen(S, 5) or die;
my ($here) = $0 =~ m{(.*)/};
open(F, ">", "$here/runs.part"); print F "$$\\n"; close(F);
rename("$here/runs.part", "$here/runs");
sleep 1000;
`;

beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), 'reseed-before-'));
  datadir = join(base, 'data');
  unit = `reseed-test-${base.slice(-6).toLowerCase()}`;
  alone = await openAlone();
  await mkdir(join(base, 'bin'));
  await mkdir(datadir);
  await writeFile(join(base, 'bin', 'command'), '/usr/sbin/mysqld --user=mysql');
  for (const [name, text] of Object.entries({ mysql: client, systemctl, mysqld: server })) {
    await writeFile(join(base, 'bin', name), text);
    await chmod(join(base, 'bin', name), 0o755);
  }
});
afterEach(async () => {
  await alone.end();
  await rm(base, { recursive: true });
  await rm(`/etc/systemd/system/${unit}.service.d`, { recursive: true, force: true });
  await rm(`/var/lib/reseed/before/${job}-${unit}`, { force: true });
});

async function said<Verb extends BeforeVerb>(verb: Verb, own: BeforeWords<Verb>) {
  const words = seedBeforeWords(verb, { unit, job, datadir, mysql: {} }, own);
  const args = ['-c', await scriptText('seed-before'), 'seed-before.sh', ...words];
  const env = { PATH: `${join(base, 'bin')}:${process.env.PATH}` };
  const { exitCode, all } = await alone.run('sh', args, { env });
  return { exitCode, said: all };
}
const noted = (planned: PlannedUse = 'read-only', member: readonly string[] = [], stood = '') =>
  said('note', {
    word: 'REPLICA',
    filter: ["CHANGE REPLICATION FILTER REPLICATE_IGNORE_DB = (`tmp1`) FOR CHANNEL ''"],
    planned,
    member,
    stood,
  });
const restarted = (log = '') => said('restart', { option: '--skip-replica-start', log });
const restartedMariadb = () => said('restart', { option: '--skip-slave-start', log: '' });
/** Of the statements that the client got, those that change something; hexadecimal text is decoded. */
const statements = (asked: string): string[] =>
  asked
    .replaceAll(
      /SET @reseed_words = CONVERT\(0x([0-9A-F]+) USING utf8mb4\);\nPREPARE reseed_words FROM @reseed_words;\nEXECUTE reseed_words;/g,
      (_, hex: string) => JSON.stringify(Buffer.from(hex, 'hex').toString()),
    )
    .split('\n')
    .map((line) => (line.startsWith('"') ? JSON.parse(line) : line))
    .filter((line) => !/^(SELECT|SHOW|DO 0| {2}|$)/.test(line));
const told = (name: string) => readFile(join(base, 'bin', name), 'utf8').catch(() => '');

async function startServer(...words: readonly string[]) {
  await alone.start(join(base, 'bin', 'mysqld'), [...words], datadir);
  while ((await told('runs')) === '') await new Promise((resolve) => setTimeout(resolve, 20));
}

async function endServer() {
  const pid = Number(await told('runs'));
  if (pid > 0) await alone.kill(pid);
  await rm(join(base, 'bin', 'runs'), { force: true });
}

/** What the end of a seed says of its target (operations/jobs/words/end-words.ts). */
const restartedWords = /^its server (runs[;,:]|was not stopped|takes no connections: )/;

describe('a seed that is undone', () => {
  test('leaves a replica stopped that was stopped, read-only as it was, and with its filter', async () => {
    await startServer();
    expect(await noted()).toEqual({ exitCode: 0, said: '' });
    await endServer();
    await writeFile(join(base, 'bin', 'mysql.asked'), '');
    expect(await restarted()).toEqual({ exitCode: 0, said: expect.stringMatching(restartedWords) });
    // Until it got these statements, it did not replicate, and took no writes that it did not take before.
    expect(await told('started')).toContain(
      'ExecStart=/usr/sbin/mysqld --user=mysql --skip-replica-start --read-only=1 --super-read-only=0',
    );
    // A server that was killed recovers its data first.
    expect(await told('started')).toContain('TimeoutStartSec=0');
    expect(statements(await told('mysql.asked'))).toEqual([
      'SET GLOBAL read_only = 1;',
      'SET GLOBAL super_read_only = 0;',
      "CHANGE REPLICATION FILTER REPLICATE_IGNORE_DB = (`tmp1`) FOR CHANNEL ''",
      "START REPLICA IO_THREAD FOR CHANNEL ''",
      "STOP REPLICA SQL_THREAD FOR CHANNEL ''",
    ]);
    await expect(readFile(`/etc/systemd/system/${unit}.service.d/zzzz-reseed-${job}-start.conf`)).rejects.toThrow(
      'ENOENT',
    );
    await expect(readFile(`/var/lib/reseed/before/${job}-${unit}`)).rejects.toThrow('ENOENT');
  });

  test.each([
    ['OFF', 'OFF', false],
    ['DISABLED', 'DISABLED', false],
    ['ON', 'ON', false],
    // A value that SET PERSIST has written overrules the command line: none of the options had an effect.
    ['OFF', 'ON', true],
    ['DISABLED', 'ON', true],
    ['ON', 'OFF', true],
  ])(
    'whose event scheduler was %s, and is %s by its options, starts with it as it was: its events wrote rows of its own, and replication broke with 1062',
    async (was, now, isTold) => {
      await startServer();
      await writeFile(join(base, 'bin', 'scheduler'), was);
      expect(await noted()).toEqual({ exitCode: 0, said: '' });
      await endServer();
      await writeFile(join(base, 'bin', 'scheduler.now'), now);
      await writeFile(join(base, 'bin', 'mysql.asked'), '');
      expect(await restarted()).toEqual({ exitCode: 0, said: expect.stringMatching(restartedWords) });
      expect(await told('started')).toContain(` --event-scheduler=${was} `);
      const all = statements(await told('mysql.asked'));
      expect(all.filter((one) => one.includes('event_scheduler'))).toEqual(
        isTold ? [`SET GLOBAL event_scheduler = ${was === 'ON' ? 'ON' : 'OFF'};`] : [],
      );
      // This comes before it takes writes again.
      expect(all.indexOf('SET GLOBAL read_only = 1;')).toBe(isTold ? 1 : 0);
    },
  );

  test('of a MariaDB, has its event scheduler as it was too', async () => {
    await startServer();
    await writeFile(join(base, 'bin', 'scheduler'), 'OFF');
    await writeFile(join(base, 'bin', 'mariadb.says'), mariadb(''));
    expect(await said('note', { word: 'SLAVE', filter: [], planned: 'writes', member: [], stood: '' })).toEqual({
      exitCode: 0,
      said: '',
    });
    await endServer();
    expect(await restartedMariadb()).toEqual({ exitCode: 0, said: expect.stringMatching(restartedWords) });
    expect(await told('started')).toContain(' --event-scheduler=OFF');
    expect(statements(await told('mysql.asked'))).toContain('SET GLOBAL event_scheduler = OFF;');
  });

  test('of a MariaDB, has the databases that it renames again: their rows went into those of their own names after an undo', async () => {
    await startServer();
    const renames = `*REPLICATE_REWRITE_DB*) echo 'filter rewrite_db 7A7A2D3E7979' ;;`;
    await writeFile(join(base, 'bin', 'mariadb.says'), mariadb(renames));
    await said('note', { word: 'SLAVE', filter: [], planned: 'writes', member: [], stood: '' });
    await endServer();
    expect(await restartedMariadb()).toEqual({ exitCode: 0, said: expect.stringMatching(restartedWords) });
    const all = statements(await told('mysql.asked'));
    expect(all.find((one) => one.includes('rewrite_db'))).toMatch(/^SET GLOBAL replicate_rewrite_db = .*7A7A2D3E7979/);
  });

  test('whose server could not be held back switches its scheduler off before it starts anything else', async () => {
    await startServer();
    await writeFile(join(base, 'bin', 'scheduler'), 'OFF');
    await noted();
    await endServer();
    await writeFile(join(base, 'bin', 'command'), '/opt/shop/start-db');
    await writeFile(join(base, 'bin', 'mysql.asked'), '');
    expect(await restarted()).toMatchObject({ exitCode: 0, said: expect.stringContaining('not held back') });
    expect(statements(await told('mysql.asked'))[0]).toBe('SET GLOBAL event_scheduler = OFF;');
  });

  test('starts a server that the seed before had started without its init_file and what SET PERSIST wrote by these options again', async () => {
    await startServer(
      '--init-file=/dev/null',
      '--persisted-globals-load=OFF',
      '--loose-server_id=13',
      '--log-error-verbosity=3',
      '--port=3307',
    );
    await noted();
    await endServer();
    expect(await restarted()).toEqual({ exitCode: 0, said: expect.stringMatching(restartedWords) });
    const started = await told('started');
    const words = ['--init-file=/dev/null', '--persisted-globals-load=OFF', '--loose-server_id=13'];
    for (const word of [...words, '--log-error-verbosity=3']) expect(started).toContain(` ${word}`);
    // The other values of SET PERSIST are set again.
    expect(await told('mysql.asked')).toContain('FROM performance_schema.persisted_variables');
    // None of its own options is replaced by ours.
    expect(started).not.toContain('3307');
  });

  test('gives its server no option but those of a seed: with --loose-skip_grant_tables=1 of a command line it let everybody in', async () => {
    await startServer(
      '--loose-server_id=13',
      '--loose-skip_grant_tables=1',
      '--loose-user=root',
      '--loose-init_file=x',
    );
    await noted();
    await endServer();
    expect(await restarted()).toEqual({ exitCode: 0, said: expect.stringMatching(restartedWords) });
    const started = await told('started');
    expect(started).toContain(' --loose-server_id=13');
    expect(started).not.toMatch(/skip_grant_tables|user=root|init_file/);
  });

  test('gives its server no option of a process of another account, which looks like the server', async () => {
    await chmod(base, 0o755);
    await mkdir(join(base, 'home'));
    await copyFile('/bin/bash', join(base, 'home', 'mysqld'));
    // Before the server, as the pids are read.
    const words = ['-c', 'sleep 1000 & wait', 'mysqld', '--loose-server_id=99', '--init-file='];
    const other = await alone.start(join(base, 'home', 'mysqld'), words, datadir, 65534);
    await startServer('--loose-server_id=13');
    const server = (await told('runs')).trim();
    await noted();
    expect(await readFile(`/var/lib/reseed/before/${job}-${unit}`, 'utf8')).toContain(`process ${server} `);
    await endServer();
    // It is no server that was not stopped.
    expect(await restarted()).toEqual({ exitCode: 0, said: expect.stringContaining('its server runs; ') });
    await alone.kill(other);
    expect(await told('started')).toContain(' --loose-server_id=13');
    expect(await told('started')).not.toMatch(/server_id=99|init-file/);
  });

  test.each(['zz-local.conf', 'zzzzz-local.conf'])(
    'is held back, or says that it was not and by which file, where the unit has a command of its own in %s',
    async (name) => {
      const folder = `/etc/systemd/system/${unit}.service.d`;
      await startServer();
      await noted();
      await endServer();
      await mkdir(folder, { recursive: true });
      await writeFile(join(folder, name), '[Service]\nExecStart=\nExecStart=/usr/sbin/mysqld --shop\n');
      await writeFile(join(base, 'bin', 'mysql.asked'), '');
      const { exitCode, said: told_ } = await restarted();
      expect(exitCode).toBe(0);
      const isLast = name === 'zzzzz-local.conf';
      expect(told_.startsWith('its server runs; ')).toBe(!isLast);
      expect((await told('started')).includes('--shop --skip-replica-start')).toBe(!isLast);
      if (isLast) expect(told_).toMatch(/zzzzz-local\.conf is read after .*\n! .*not held back/);
      // A server that already replicates is stopped before any statement is sent to it.
      expect(statements(await told('mysql.asked'))[0]?.startsWith('STOP') ?? false).toBe(isLast);
      expect(await readdir(folder)).toEqual([name]);
    },
  );

  test('whose client root may not run by now says so at once: it was waited for two hours', async () => {
    await startServer();
    await noted();
    await endServer();
    const mysql = join(base, 'bin', 'mysql');
    await chown(mysql, 64_001, 64_001);
    const { exitCode, said: told_ } = await restarted();
    expect(exitCode).toBe(1);
    expect(told_).toContain(
      `${unit} runs on its old data, which is complete, and is not asked: ${mysql} would be run as root: mysql belongs to another account than root`,
    );
    await chown(mysql, 0, 0);
    expect(await restarted()).toMatchObject({ exitCode: 0 });
  });

  test('whose server does not start again on its old data says why in the words of its log, and what to do', async () => {
    await startServer();
    await noted();
    await endServer();
    const log = join(base, 'error.log');
    await writeFile(log, '2026-11-27T08:00:00Z 0 [ERROR] [MY-000001] [Server] of an earlier start\n');
    const words =
      "2026-11-27T09:40:02Z 1 [ERROR] [MY-012592] [InnoDB] Can't open undo tablespace '/srv/un\u001b[2Jdo/undo_001'";
    // The account that reads the log has to come by: no server and no unit tells it here.
    await chmod(base, 0o755);
    await writeFile(join(base, 'bin', 'start-fails'), `2026 [Note] begins\n${words}\n2026 [ERROR] Aborting\n`);
    const { exitCode, said: told_ } = await restarted(log);
    expect(exitCode).toBe(1);
    expect(told_).toContain(
      `${unit} did not start again on its old data, which is complete: ${words.replace('\u001b', '?')}; `,
    );
    expect(told_).toContain('unit result: exit-code');
    expect(told_).toContain('put right what stands there, and abort the job again');
    // After that is corrected, the same command is run again, and the server runs.
    await rm(join(base, 'bin', 'start-fails'));
    await rm(join(base, 'bin', 'state'));
    expect(await restarted(log)).toEqual({
      exitCode: 0,
      said: expect.stringMatching(restartedWords),
    });
  });

  test('waits for its server by the time that passes: a clock that is set forward ends no wait', async () => {
    await startServer();
    await noted();
    await endServer();
    // An hour later at each look.
    const clock =
      '#!/bin/sh\nn=$(cat "$0.n" 2>/dev/null || echo 0); echo $((n + 3600)) >"$0.n"; echo $((1800000000 + n))\n';
    await writeFile(join(base, 'bin', 'date'), clock);
    await chmod(join(base, 'bin', 'date'), 0o755);
    await writeFile(join(base, 'bin', 'mysql'), connectsAtThirdLook);
    expect(await restarted()).toEqual({ exitCode: 0, said: expect.stringMatching(restartedWords) });
  });

  test('waits for three hours of a recovery that tells of itself, and for no more than two without a word', async () => {
    await startServer();
    await noted();
    await endServer();
    const log = join(base, 'error.log');
    await writeFile(log, '');
    await chmod(base, 0o755);
    const uptime = join(base, 'uptime');
    await writeFile(uptime, '5000.00 1.00\n');
    await alone.run('mount', ['--bind', uptime, '/proc/uptime']);
    // Each look comes 50 min after the one before.
    const recovers = (says: string) => `#!/bin/sh
here=\${0%/*}
for sql in "$@"; do :; done
[ "$sql" != 'DO 0' ] || {
  read -r up idle <"$here/../uptime"; echo "$((\${up%.*} + 3000)).00 $idle" >"$here/../uptime"
  ${says} >>"$here/../error.log"
  echo x >>"$0.looks"; [ "$(wc -l <"$0.looks")" -gt 5 ] || { echo 'ERROR 2002 (HY000): none' >&2; exit 1; }
}
${client.replace('#!/bin/sh\n', '')}`;
    await writeFile(join(base, 'bin', 'mysql'), recovers('true'));
    expect(await restarted(log)).toEqual({
      exitCode: 1,
      said: expect.stringMatching(
        /has not answered us yet \(nothing of it has changed for \d+ s\): its replication is as this job left it/,
      ),
    });
    await rm(join(base, 'bin', 'mysql.looks'));
    await writeFile(join(base, 'bin', 'mysql'), recovers("echo 'InnoDB: Applying a batch'"));
    expect(await restarted(log)).toEqual({ exitCode: 0, said: expect.stringMatching(/^its server runs; /) });
  });

  test('before its server was stopped, does nothing to it', async () => {
    await startServer();
    await noted();
    await writeFile(join(base, 'bin', 'systemctl.said'), '');
    expect(await restarted()).toEqual({ exitCode: 0, said: expect.stringMatching(restartedWords) });
    expect(await told('systemctl.said')).not.toContain('start');
  });

  test('whose server was started by hand and promoted meanwhile, leaves it so: it was made read-only again', async () => {
    await startServer();
    await noted();
    await endServer();
    await startServer();
    await writeFile(join(base, 'bin', 'read-only'), '0');
    expect(await restarted()).toEqual({
      exitCode: 0,
      said: 'its server was started meanwhile, takes writes, and replicates from no host: it is left as it is',
    });
    expect((await told('mysql.asked')).match(/^(SET GLOBAL|START|STOP|CHANGE) .*/gm)).toBeNull();
    await expect(readFile(`/var/lib/reseed/before/${job}-${unit}`)).rejects.toThrow('ENOENT');
  });

  test('where systemd starts it over and over and nobody stopped it, resets no count of that', async () => {
    expect(await noted()).toEqual({ exitCode: 0, said: 'the server is down' });
    await writeFile(join(base, 'bin', 'state'), 'activating');
    const log = join(base, 'error.log');
    await writeFile(log, '2026 [ERROR] of weeks ago\n');
    await chmod(base, 0o755);
    const restarts = (says: string) =>
      writeFile(
        join(base, 'bin', 'restarts'),
        `echo x >>"$here/restarted"; ${says}\nexpr 22 + $(wc -l <"$here/restarted")`,
      );
    for (const [says, why] of [
      ['', 'what its log says since then does not tell why'],
      [`echo '2026 [ERROR] Could not open undo_001' >>'${log}'`, '2026 [ERROR] Could not open undo_001'],
    ] as const) {
      await rm(join(base, 'bin', 'restarted'), { force: true });
      await restarts(says);
      await writeFile(join(base, 'bin', 'systemctl.said'), '');
      const { exitCode, said: words } = await restarted(log);
      expect(exitCode).toBe(0);
      expect(words?.replace(/ in \d+ s/, '')).toBe(
        `its server takes no connections: systemd says activating, 3 restarts: ${why}`,
      );
      expect(await told('systemctl.said')).not.toMatch(/start --no-block|reset-failed/);
    }
  });

  test('which systemd restarted weeks ago, and that starts now, is given its time: it was said to take no connections', async () => {
    expect(await noted()).toEqual({ exitCode: 0, said: 'the server is down' });
    await startServer();
    await writeFile(join(base, 'bin', 'state'), 'active');
    await writeFile(join(base, 'bin', 'restarts'), 'echo 1');
    await writeFile(join(base, 'bin', 'mysql'), connectsAtThirdLook);
    await chmod(join(base, 'bin', 'mysql'), 0o755);
    expect(await restarted()).toEqual({
      exitCode: 0,
      said: 'its server runs, and this job noted nothing of it that is to be put back',
    });
  });

  test('whose server was not noted and does not start says so with the words of its log: it was "its server is started"', async () => {
    expect(await noted()).toEqual({ exitCode: 0, said: 'the server is down' });
    const log = join(base, 'error.log');
    await writeFile(log, '');
    await chmod(base, 0o755);
    const words = '2026-11-27T09:40:02Z 1 [ERROR] [MY-010187] [Server] Could not open file /var/log/mysql/error.log';
    await writeFile(join(base, 'bin', 'start-fails'), `${words}\n`);
    expect(await restarted(log)).toEqual({
      exitCode: 1,
      said: expect.stringContaining(`${unit} did not start again on its old data, which is complete: ${words}; `),
    });
  });

  test('whose server systemd starts again and again does not wait for it for a quarter of an hour', async () => {
    expect(await noted()).toEqual({ exitCode: 0, said: 'the server is down' });
    const looks = `echo x >>"$here/restarted"; wc -l <"$here/restarted"\necho activating >"$here/state"`;
    await writeFile(join(base, 'bin', 'restarts'), looks);
    await writeFile(join(base, 'bin', 'start-fails'), '');
    expect(await restarted()).toEqual({
      exitCode: 1,
      said: expect.stringMatching(/did not start again .*: systemd has restarted it 3 times: its log does not say why/),
    });
  });

  test('of a server that lets us not in, starts it as its options say, and says so', async () => {
    await startServer();
    await writeFile(join(base, 'bin', 'mysql.refuses'), '');
    expect(await noted()).toMatchObject({
      exitCode: 0,
      said: expect.stringContaining('! which replication threads run is not known'),
    });
    await endServer();
    expect(await restarted()).toEqual({
      exitCode: 0,
      said: 'its server runs, and replicates as its options say: how it did before was not noted',
    });
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
    expect(await told('mysql.asked')).not.toMatch(/^(?:SET|PREPARE|CHANGE|START|STOP)/m);
    await rm(join(base, 'bin', 'mysql.datadir'));
    expect(await restarted()).toEqual({ exitCode: 0, said: expect.stringMatching(restartedWords) });
    expect(statements(await told('mysql.asked'))).toContain("START REPLICA IO_THREAD FOR CHANNEL ''");
  });

  test('does not say of a server that it stays down where another account renamed the folder of the job: it runs', async () => {
    await startServer();
    await noted();
    const folder = join(datadir, 'taken');
    await mkdir(folder, { mode: 0o700 });
    const { stdout: inode } = await execa('stat', ['-c', '%i', datadir]);
    await writeFile(join(folder, 'job'), `${job} ${inode}\n`);
    const { exitCode, said: words } = await restarted();
    expect([exitCode, words]).toEqual([3, expect.stringContaining('rename it back')]);
    expect(words).not.toContain('stays down');
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
    await expect(readFile(`/var/lib/reseed/before/${job}-${unit}`)).rejects.toThrow('ENOENT');
  });

  test('has no line, option or command of the client from what the server answered', async () => {
    await startServer();
    // A value with newlines in it, as SET GLOBAL replicate_ignore_db takes it.
    const lines = ['#z', 'sql system id', 'statement 00', 'option --plugin-load-add=evil.so', 'system id', '\\! id'];
    await writeFile(join(base, 'lines'), `${lines.join('\n')}\n`);
    await writeFile(
      join(base, 'bin', 'mariadb.says'),
      mariadb(`*replicate_ignore_db*) cat '${join(base, 'lines')}' ;;`),
    );
    expect(await said('note', { word: 'SLAVE', filter: [], planned: 'writes', member: [], stood: '' })).toMatchObject({
      exitCode: 0,
      said: expect.stringContaining('is not known'),
    });
    await endServer();
    await writeFile(join(base, 'bin', 'mysql.asked'), '');
    expect(await restartedMariadb()).toEqual({ exitCode: 0, said: expect.stringMatching(restartedWords) });
    expect(await told('started')).not.toContain('evil');
    expect(await told('mysql.asked')).not.toMatch(/id|statement/);
  });

  test('names a connection of MariaDB as it is called, whatever is in its name', async () => {
    await startServer();
    const name = `we\\ird'\n\\! id\nsystem id`;
    const columns = ['Connection_name', 'Slave_IO_Running', 'Slave_SQL_Running', 'Last_IO_Errno', 'Last_SQL_Errno'];
    const row = [name.replaceAll('\\', '\\\\').replaceAll('\n', '\\n'), 'Connecting', 'No', '0', '0'];
    await writeFile(join(base, 'status'), `${columns.join('\t')}\n${row.join('\t')}\n`);
    const status = `*'SHOW ALL SLAVES STATUS'*) cat '${join(base, 'status')}' ;;`;
    await writeFile(join(base, 'bin', 'mariadb.says'), mariadb(status));
    expect(await said('note', { word: 'SLAVE', filter: [], planned: 'writes', member: [], stood: '' })).toEqual({
      exitCode: 0,
      said: '',
    });
    await endServer();
    await writeFile(join(base, 'bin', 'mysql.asked'), '');
    expect(await restartedMariadb()).toEqual({ exitCode: 0, said: expect.stringMatching(restartedWords) });
    const asked = await told('mysql.asked');
    expect(asked).not.toMatch(/\\!|system/);
    const quoted = `'we\\\\ird''\n\\\\! id\nsystem id'`;
    expect(statements(asked)).toEqual([
      'SET GLOBAL read_only = 0;',
      "SET GLOBAL replicate_do_db = '';",
      'SET GLOBAL replicate_ignore_db = CONVERT(0x746D7031 USING utf8mb4);',
      ...['do_table', 'ignore_table', 'wild_do_table', 'wild_ignore_table'].map(
        (one) => `SET GLOBAL replicate_${one} = '';`,
      ),
      `START SLAVE ${quoted} IO_THREAD`,
      `STOP SLAVE ${quoted} SQL_THREAD`,
    ]);
  });

  test('of a MariaDB that does not tell its threads, does not take them for none', async () => {
    await startServer();
    const refuses = `*'SHOW ALL SLAVES STATUS'*) echo 'ERROR 1227 (42000)' >&2; exit 1 ;;`;
    await writeFile(join(base, 'bin', 'mariadb.says'), mariadb(refuses));
    expect(await said('note', { word: 'SLAVE', filter: [], planned: 'writes', member: [], stood: '' })).toMatchObject({
      exitCode: 0,
      said: expect.stringContaining('! which replication threads run is not known'),
    });
    await endServer();
    expect(await restartedMariadb()).toEqual({ exitCode: 0, said: expect.stringMatching(restartedWords) });
    expect(await told('started')).not.toContain('--skip');
  });

  test('starts a server by a command that takes no options all the same, and says that it was not held back', async () => {
    await startServer();
    await noted();
    await endServer();
    await writeFile(join(base, 'bin', 'command'), '/opt/shop/start-db');
    await writeFile(join(base, 'bin', 'mysql.asked'), '');
    expect(await restarted()).toEqual({
      exitCode: 0,
      said: expect.stringMatching(/\/opt\/shop\/start-db.*\n! .*not held back/),
    });
    expect(await told('systemctl.said')).toContain(`start --no-block ${unit}`);
    // It already runs: replication that runs takes no filter.
    expect(statements(await told('mysql.asked'))).toEqual([
      "STOP REPLICA IO_THREAD FOR CHANNEL ''",
      'SET GLOBAL read_only = 1;',
      'SET GLOBAL super_read_only = 0;',
      "CHANGE REPLICATION FILTER REPLICATE_IGNORE_DB = (`tmp1`) FOR CHANNEL ''",
      "START REPLICA IO_THREAD FOR CHANNEL ''",
      "STOP REPLICA SQL_THREAD FOR CHANNEL ''",
    ]);
  });

  test('with a note of an older version, starts the server and says none of it', async () => {
    await startServer();
    await noted();
    await endServer();
    await writeFile(`/var/lib/reseed/before/${job}-${unit}`, 'process 1 2\noption --evil\nsql system id\n');
    await writeFile(join(base, 'bin', 'mysql.asked'), '');
    expect(await restarted()).toEqual({ exitCode: 0, said: expect.stringContaining('! ') });
    expect(await told('mysql.asked')).not.toContain('system');
    expect(await told('systemctl.said')).toContain(`start --no-block ${unit}`);
  });
});

describe('a target that is used otherwise since the plan is not stopped', () => {
  const answers = (file: string, text: string) => writeFile(join(base, 'bin', file), text);
  const columns = ['Channel_Name', 'Replica_IO_Running', 'Replica_SQL_Running', 'Last_IO_Errno', 'Last_SQL_Errno'];
  const channel = (...row: string[]) => answers('channels', `${columns.join('\t')}\n${['', ...row].join('\t')}\n`);
  const takesWrites = (why: string) => ({
    exitCode: 3,
    said: `its server takes writes since the plan (${why}): its old data is untouched. If it is to be rebuilt all the same: stop it, and seed again`,
  });

  test('one that was promoted: it was stopped in the middle of its writes, and they were deleted', async () => {
    await startServer();
    await answers('read-only', '0\n');
    for (const planned of ['read-only', 'replica', 'unknown'] as const)
      expect(await noted(planned)).toEqual(takesWrites('read_only is off, and it has no channel'));
    expect(await restarted()).toEqual({ exitCode: 0, said: 'its server was not stopped' });
  });

  test('one whose replication was stopped and that was opened for writes; one that had read_only off is as it was', async () => {
    await startServer();
    await answers('read-only', '0\n');
    await channel('No', 'No', '0', '0');
    expect(await noted()).toEqual(takesWrites('read_only is off, and none of its channels replicates'));
    expect(await noted('replica')).toEqual({ exitCode: 0, said: '' });
    for (const row of [
      ['Yes', 'Yes', '0', '0'],
      ['No', 'No', '0', '1062'],
    ]) {
      await channel(...row);
      expect(await noted()).toEqual({ exitCode: 0, said: '' });
    }
  });

  test('and is noted though jobs of another server of the machine end meanwhile, and take the empty folder away', async () => {
    await startServer();
    const others = execa('sh', ['-c', 'while :; do rmdir /var/lib/reseed/before; done 2>/dev/null'], { reject: false });
    for (let time = 0; time < 3; time++) expect(await noted()).toEqual({ exitCode: 0, said: '' });
    others.kill('SIGKILL');
    await others;
  });

  test('one that took writes in its plan, and was agreed to, is', async () => {
    await startServer();
    await answers('read-only', '0\n');
    expect(await noted('writes')).toEqual({ exitCode: 0, said: '' });
  });

  test('nor one that was to be given up while no client was there, once rows were written or a client logged in', async () => {
    await startServer();
    await answers('read-only', '0\n');
    const stood = '07de3713-e6c4-11f1-b17e-525400770011:1-7,07ea5a36-e6c4-11f1-b1de-525400770012:1-3';
    // As mysql --batch prints it.
    await answers('gtids', `${stood.replace(',', ',\\n')}\n`);
    expect(await noted('writes', [], stood)).toEqual({ exitCode: 0, said: '' });
    await answers('clients', '2\n');
    expect(await noted('writes', [], stood)).toEqual({
      exitCode: 3,
      said: 'clients are logged in there since the plan (2): its old data is untouched. End them, and seed again',
    });
    await answers('clients', '0\n');
    await answers('gtids', `${stood.replace(/3$/, '4')}\n`);
    expect(await noted('writes', [], stood)).toMatchObject({
      exitCode: 3,
      said: expect.stringContaining('rows were written there since the plan'),
    });
  });

  test('nor one without GTIDs, once the place in its log is another', async () => {
    await startServer();
    await answers('read-only', '0\n');
    await answers('log', 'binlog.000004\t157\t\t\t\n');
    expect(await noted('writes', [], 'log:binlog.000004:157')).toEqual({ exitCode: 0, said: '' });
    await answers('log', 'binlog.000004\t512\t\t\t\n');
    expect(await noted('writes', [], 'log:binlog.000004:157')).toMatchObject({
      exitCode: 3,
      said: expect.stringContaining('rows were written there since the plan (it stands at log:binlog.000004:512)'),
    });
  });

  test('one that hosts replicate from: they would have lost their source', async () => {
    await startServer();
    await answers('dumps', '10.77.0.15:41522\n10.77.0.16:41524\n');
    const why = (names: string) => ({
      exitCode: 3,
      said: `hosts replicate from its server since the plan (${names}): its old data is untouched. Point them to another source, and seed again`,
    });
    expect(await noted()).toEqual(why('10.77.0.15, 10.77.0.16'));
    expect(await noted('writes')).toEqual(why('10.77.0.15, 10.77.0.16'));
    await rm(join(base, 'bin', 'dumps'));
    await answers('replicas', '15\tdb5\t3306\t1\tuuid\n');
    expect(await noted()).toEqual(why('server_id 15'));
    // Those that are rebuilt with it lose nothing.
    expect(await noted('writes', ['10.77.0.15', 'db5', 'server_id 15'])).toEqual({ exitCode: 0, said: '' });
    await answers('dumps', '10.77.0.15:41522\n10.77.0.16:41524\n');
    expect(await noted('writes', ['10.77.0.15', 'db5', 'server_id 15'])).toEqual(why('10.77.0.16'));
    await rm(join(base, 'bin', 'dumps'));
  });

  test('one that does not say is, and the log of the job has that it did not', async () => {
    await startServer();
    const silent = client
      .replace(/'SHOW REPLICA STATUS'\).*/, "'SHOW REPLICA STATUS') exit 1 ;;")
      .replace(/\*PROCESSLIST\*\).*/, '*PROCESSLIST*) exit 1 ;;');
    await answers('mysql', silent.replace(/'SELECT @@GLOBAL.read_only'\).*/, "'SELECT @@GLOBAL.read_only') exit 1 ;;"));
    expect(await noted()).toEqual({
      exitCode: 0,
      said: '! whether its server takes writes or has replicas by now is not known: it did not say',
    });
    await answers('mysql', silent);
    await answers('read-only', '0\n');
    expect(await noted()).toEqual({
      exitCode: 0,
      said: '! whether its server takes writes or has replicas by now is not known: it did not say',
    });
  });

  test('a MariaDB likewise', async () => {
    await startServer();
    await answers('mariadb.says', mariadb(''));
    const asked = { word: 'SLAVE', filter: [], member: [], stood: '' } as const;
    expect(await said('note', { ...asked, planned: 'read-only' })).toEqual(
      takesWrites('read_only is off, and it has no channel'),
    );
    await answers('mariadb.says', mariadb(`*PROCESSLIST*) echo 'db6:40000' ;;`));
    expect(await said('note', { ...asked, planned: 'writes' })).toMatchObject({
      exitCode: 3,
      said: expect.stringContaining('(db6)'),
    });
  });
});
