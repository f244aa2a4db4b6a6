// Configurations of orchestrator-agent and orchestrator, read into an inventory.
import { describe, expect, test } from 'vitest';
import { importAgent } from '../../src/inventory/agent/import.ts';
import { formatProblem } from '../../src/inventory/inventory.ts';
import { complaints, hostOf } from './reading.ts';

const agent = `{
\t"SnapshotMountPoint": "/var/tmp/mysql-mount",
\t"AgentsServer": "http://localhost:3001",
\t"AvailableSnapshotHostsCommand": "echo localhost\\nsnoach-obil",
\t"SnapshotVolumesFilter": "-my-snapshot-",
\t"MySQLDatadirCommand": "echo '/var/lib/mysql'",
\t"MySQLServiceStopCommand": "/etc/init.d/mysqld stop",
\t"MySQLServiceStartCommand": "sudo systemctl start mysqld.service",
\t"ReceiveSeedDataCommand": "/usr/local/bin/receive.sh",
\t"CreateSnapshotCommand": "",
\t"MySQLClientCommand": "mysql --defaults-file=/root/.my.cnf -uroot -phunter2",
\t"httpport": 3002,
\t"HTTPAuthPassword": "hunter2",
\t"ExecWithSudo": true,
\t"CustomCommands": {"purge logs": "/usr/local/bin/purge.sh --all", "purge-logs": "x", "restart": "/opt/restart", "bad": "mysql -phunter2 -e 1"},
\t"SeedAcceptableBytesDiff": 8192,
\t"Frobnicate": "hunter2"
}
`;

function imported(text: string, fileName = 'agent.json', hosts: readonly string[] = []) {
  const result = importAgent(text, fileName, hosts);
  if (!result.ok) throw new Error(formatProblem(result.problem));
  return result;
}

const words = (text: string, fileName?: string) =>
  imported(text, fileName).keys.map(
    ({ key, place, text, isLeft }) => `${isLeft ? '! ' : ''}${key} ${place ?? '-'} ${text}`,
  );

describe("orchestrator-agent's configuration", () => {
  test('becomes settings of the named hosts, in an inventory that reseed reads', () => {
    const { yaml } = imported(agent, 'agent.json', ['db1', 'db2']);
    expect(complaints(yaml)).toEqual([]);
    const { yaml: one } = imported(agent, 'agent.json', ['db1']);
    expect(hostOf(one, 'db1')).toMatchObject({
      sudo: true,
      snapshot: { mountRoot: '/var/tmp/mysql-mount', filter: '*-my-snapshot-*' },
      mysql: { service: 'mysqld', defaultsFile: '/root/.my.cnf' },
      commands: { 'purge-logs': { run: '/usr/local/bin/purge.sh --all' }, 'custom-restart': { run: '/opt/restart' } },
    });
  });

  test('is told key by key: what was taken, what reseed does itself, what is left to do, what is not known', () => {
    expect(words(agent)).toEqual([
      'SnapshotMountPoint 2:2 snapshot.mountRoot: reseed mounts each snapshot in a folder of its own below it',
      "AgentsServer 3:2 the agent's own server and its polls: reseed has no daemon, and logs in by ssh",
      "! AvailableSnapshotHostsCommand 4:2 commands.snapshotHosts: its line holds U+000A, which an inventory can't: keep it in a script on the host, and write the path of that",
      'SnapshotVolumesFilter 5:2 snapshot.filter: *-my-snapshot-*',
      'MySQLDatadirCommand 6:2 commands.datadir: asked for the datadir where reseed does not find it, and to compare it with what the server says',
      'MySQLServiceStopCommand 7:2 mysql.service: mysqld; reseed does the rest by systemd',
      'MySQLServiceStartCommand 8:2 mysql.service: mysqld; reseed does the rest by systemd',
      "! ReceiveSeedDataCommand 9:2 commands.receive: run instead of the target's side of the copy, with --method custom; it opens a port that takes data from any host, unencrypted: if you agree, write it as { run: ..., insecure: true }",
      'CreateSnapshotCommand 10:2 empty: nothing to take',
      '! MySQLClientCommand 11:2 its further options are not printed, since they may hold a password: write them into that file, which is mysql.defaultsFile here',
      "httpport 12:2 the agent's own server and its polls: reseed has no daemon, and logs in by ssh",
      "HTTPAuthPassword 13:2 the agent's own server and its polls: reseed has no daemon, and logs in by ssh",
      'ExecWithSudo 14:2 sudo: true',
      'CustomCommands.purge logs 15:2 commands.purge-logs, under another name: reseed run HOST purge-logs',
      '! CustomCommands.purge-logs 15:2 commands.purge-logs is written for another one already: write this one yourself',
      'CustomCommands.restart 15:2 commands.custom-restart, under another name: reseed run HOST custom-restart',
      '! CustomCommands.bad 15:2 commands.bad: it holds what looks like a secret, so it is not printed: keep that in an option file or a script of the host that only its account reads, and write the line without it',
      'SeedAcceptableBytesDiff 16:2 orchestrator never reads it; reseed compares checksums of all files, and no byte may differ',
      '! Frobnicate 17:2 not known to reseed: nothing was made of it',
    ]);
  });

  test('gives no password away', () => {
    const { yaml, keys } = imported(agent);
    expect(JSON.stringify([yaml, keys])).not.toContain('hunter2');
  });

  test.each([
    "mysql -uroot -p'hunter2' -e 1",
    'mysql -uroot -p"hunter2" -e 1',
    'mysql -prunehunter2',
    'mysql -pathunter2',
    'mysqldump -Bphunter2 shop',
    'mysql -p hunter2',
    "/opt/snap -p'hunter2'",
    '/opt/snap -phunter2',
    '/opt/snap --password=hunter2',
    '/opt/snap --pass=hunter2',
    '/opt/snap --api-key hunter2',
    '/opt/snap --auth hunter2',
    'DB_PASS=hunter2 /opt/snap',
    'MYSQL_PWD=hunter2 mysql -e 1',
    'PGPASSWORD=hunter2 /opt/snap',
    'DB_PW=hunter2 /opt/snap',
    'sshpass -p hunter2 ssh db2',
    'curl -u ops:hunter2 http://x',
    'curl -suops:hunter2 http://x',
    'curl --user ops:hunter2 http://x',
    'curl http://ops:hunter2@x/',
    'mysqlsh root:hunter2@localhost',
    'pt-heartbeat -D a u=root,p=hunter2',
    "curl -H 'Authorization: Basic hunter2' x",
    'mkdir -p /a && mysql -phunter2',
    'mysql -e "ALTER USER a IDENTIFIED BY \'hunter2\'"',
    'curl -d x https://hooks.slack.com/services/T0/B0/hunter2',
    'curl -d x https://chat.example.com/webhook/hunter2',
    'curl -d x https://chat.example.com/in/0123456789abcdefhunter2',
    'redis-cli -a hunter2 FLUSHALL',
    'ldapsearch -x -w hunter2',
    'curl -sH "X-Api: hunter2" http://x',
    'curl --header=X-Api:hunter2 http://x',
    'curl -b session=hunter2 http://x',
  ])('prints no line that may hold a password, and says so in the lines and by a !: %s', (line) => {
    const configurations = {
      CreateSnapshotCommand: line,
      ReceiveSeedDataCommand: line,
      CustomCommands: { own: line, [line]: '/opt/x' },
      SnapshotMountPoint: `/mnt/${line}`,
      SnapshotVolumesFilter: line,
    };
    const { yaml, keys } = imported(JSON.stringify(configurations));
    expect(JSON.stringify([yaml, keys])).not.toContain('hunter2');
    expect(keys.map(({ isLeft }) => isLeft)).toEqual([true, true, true, true, true, true]);
    expect(yaml).toContain('# ! CreateSnapshotCommand: commands.createSnapshot: it holds what looks like a secret');
  });

  test.each([
    'mkdir -p /var/x',
    'find /data -type f -print',
    '/opt/snap --all',
    'ssh -p 22 db2 uptime',
    'cp -rp /a /b',
    'df -P',
    'df -H /data',
    'tar -xpf - -C $2',
    'curl -H Accept:text/plain http://mon.example.com/snap/db1',
  ])('prints a line that holds none: %s', (line) => {
    expect(imported(JSON.stringify({ CreateSnapshotCommand: line })).yaml).toContain(`createSnapshot: ${line}`);
  });

  test('prints no line that the inventory refuses, and no control or bidi character', () => {
    const { yaml, keys } = imported(
      JSON.stringify({
        SnapshotVolumesFilter: 'a\u202eb\u009b31m',
        SnapshotMountPoint: '/mnt\u001b]0;x',
        MySQLClientCommand: 'mysql --defaults-file=/root/\u001b[31m',
        CreateSnapshotCommand: '/opt/snap {host}',
        ReceiveSeedDataCommand: '/opt/receive {directory}',
        CustomCommands: { 'x\u202e': '/opt/x', y: '/opt/y\u2066' },
        'z\u009b': 1,
      }),
    );
    expect(complaints(`${yaml}hosts: { db1: {} }\n`)).toEqual([]);
    const all = [yaml, ...keys.map(({ key, text }) => key + text)].join('');
    expect(all.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/u);
    expect(keys.map(({ isLeft }) => isLeft)).toEqual([true, true, true, true, true, false, true, true]);
    expect(yaml).toContain(
      '# ! CreateSnapshotCommand: commands.createSnapshot: the inventory would refuse it: commands.createSnapshot has {host} in a line for a shell, where it is not replaced, write a list',
    );
    const named = importAgent('{"ExecWithSudo": true}', 'agent.json', ['d\u001bb']);
    expect(named.ok ? '' : formatProblem(named.problem)).toContain('the printed lines');
  });

  test('of another type than the agent reads is said to be so, and gives nothing', () => {
    const text = JSON.stringify({
      CreateSnapshotCommand: { a: 1 },
      SnapshotVolumesFilter: ['x'],
      SSLValidOUs: [],
      CustomCommands: { x: ['a'], y: null },
    });
    expect(words(text)).toEqual([
      '! CreateSnapshotCommand 1:2 it is a map, where the agent reads text: nothing was made of it',
      '! SnapshotVolumesFilter 1:34 it is a list, where the agent reads text: nothing was made of it',
      "SSLValidOUs 1:64 the agent's own server and its polls: reseed has no daemon, and logs in by ssh",
      '! CustomCommands.x 1:81 it is a list, where the agent reads text: nothing was made of it',
      'CustomCommands.y 1:81 empty: nothing to take',
    ]);
    expect(words('{"CustomCommands": ["a"]}')).toEqual([
      '! CustomCommands 1:2 it is a list, where the agent reads a map: nothing was made of it',
    ]);
  });

  test('whose commands are the placeholders of the sample has none of these: they would be run in place of steps', () => {
    const text = JSON.stringify({
      CreateSnapshotCommand: "echo 'no action'",
      AvailableSnapshotHostsCommand: 'echo localhost',
      AvailableLocalSnapshotHostsCommand: "echo 'no action'",
      MySQLDatadirCommand: "echo '~/tmp'",
      MySQLPortCommand: "echo '3306'",
      MySQLDeleteDatadirContentCommand: 'echo "will not do"',
      MySQLServiceStopCommand: '/bin/true',
      SendSeedDataCommand: 'echo not implemented here',
      PostCopyCommand: 'echo done >/tmp/x',
    });
    const { yaml } = imported(text);
    expect(yaml).toBe(`defaults:\n  commands:\n    port: echo '3306'\n    afterCopy: echo done >/tmp/x\n`);
    const without = (name: string) =>
      `commands.${name} is left out: its line does nothing, as the placeholders of the agent's sample`;
    expect(words(text)).toEqual(
      expect.arrayContaining([
        `! CreateSnapshotCommand 1:2 ${without('createSnapshot')}`,
        expect.stringContaining(without('snapshotHosts')),
        expect.stringContaining(without('localSnapshotHosts')),
        expect.stringContaining(without('datadir')),
        expect.stringContaining(without('deleteDatadir')),
        expect.stringContaining(without('stop')),
        expect.stringContaining(without('send')),
      ]),
    );
  });

  test('gives several hosts the same settings, to which each can have more', () => {
    const { yaml } = imported('{"ExecWithSudo": true}', 'agent.json', ['db1', 'db2']);
    expect(hostOf(yaml.replace('<<: *agent', '<<: *agent, datacenter: fra'), 'db2')).toMatchObject({
      sudo: true,
      datacenter: 'fra',
    });
  });

  test('with commands for different units gives none of them', () => {
    const text = JSON.stringify({
      MySQLServiceStopCommand: 'systemctl stop mysqld',
      MySQLServiceStartCommand: 'systemctl start mariadb@b',
      MySQLServiceStatusCommand: 'service mysql status',
    });
    const { yaml, keys } = imported(text);
    expect(yaml).not.toContain('service: ');
    expect(keys.map(({ isLeft, text: told }) => [isLeft, told])).toEqual(
      Array.from({ length: 3 }, () => [
        true,
        'mysql.service is told by several keys, and differs (mysqld, mariadb@b, mysql): write the right one',
      ]),
    );
  });

  test('whose start command is a script of its own has it as a comment: no verb is refused for it', () => {
    const { yaml } = imported('{"MySQLServiceStartCommand": "/opt/start.sh"}');
    expect(yaml).toContain(
      '# not taken, for the reasons that import-agent tells; they stand under commands:\n#   start: /opt/start.sh\n',
    );
    expect(hostOf(`${yaml}hosts: { db1: {} }\n`, 'db1').notDone).toEqual([]);
  });

  test('knows every key of the agent, and those of orchestrator that are about agents and seeds', () => {
    const keys = `SnapshotMountPoint ContinuousPollSeconds ResubmitAgentIntervalMinutes CreateSnapshotCommand
      AvailableLocalSnapshotHostsCommand AvailableSnapshotHostsCommand SnapshotVolumesFilter MySQLDatadirCommand MySQLPortCommand
      MySQLDeleteDatadirContentCommand MySQLServiceStopCommand MySQLServiceStartCommand MySQLServiceStatusCommand ReceiveSeedDataCommand
      SendSeedDataCommand PostCopyCommand MySQLClientCommand AgentsServer AgentsServerPort HTTPPort HTTPAuthUser HTTPAuthPassword UseSSL
      UseMutualTLS SSLSkipVerify SSLPrivateKeyFile SSLCertFile SSLCAFile SSLValidOUs StatusEndpoint StatusOUVerify StatusBadSeconds
      HttpTimeoutSeconds ExecWithSudo CustomCommands TokenHintFile TokenHttpHeader
      SeedAcceptableBytesDiff SeedWaitSecondsBeforeSend StaleSeedFailMinutes AgentPollMinutes UnseenAgentForgetHours ServeAgentsHttp
      MaxRetriesForSeedStage SeedBackupStaleFailMinutes SeedDowntimeHours`.split(/\s+/);
    const text = JSON.stringify(Object.fromEntries(keys.map((key) => [key, 'x'])));
    expect(words(text).filter((line) => line.includes('not known to reseed'))).toEqual([]);
    expect(words(text)).toHaveLength(keys.length);
  });

  test.each([
    [
      '{\n  "a": "b"\n  "c": 1\n}',
      'x.json:3:3 broken JSON, look for a missing comma, quote or bracket here or in the line above',
    ],
    ['{"a": "b', 'x.json:1:7 broken JSON, look for a missing comma, quote or bracket here or in the line above'],
    ['{"a": 1, "a": 2}', 'x.json:1:10 "a" is written twice, first at 1:2, keep one of them'],
    ['', 'x.json the file has no settings, name the file that the agent reads'],
    [
      'a = \n',
      'x.json:1:5 broken TOML: Invalid TOML document: invalid value, write JSON as orchestrator-agent reads it, or TOML',
    ],
  ])('that is broken is refused at its place: %j', (text, complaint) => {
    const result = importAgent(text, 'x.json', []);
    expect(result.ok ? '' : formatProblem(result.problem)).toBe(complaint);
  });
});

test('the TOML of the rewrite of the agent is read too', () => {
  const text = `[common]
seed-port = 21234
backup-dir = "/var/tmp/bkp"
[mysql]
password = "hunter2"
service-stop-command = "/opt/stop"
[lvm]
enabled = true
create-new-snapshot-for-seed = true
[mydumper]
enabled = true
mydumper-addtional-opts = ["--triggers"]
[custom-commands.hello]
cmd = "echo hello"
[custom-commands.post-seed-command]
cmd = "/tmp/post_seed.py"
[extra]
a = 1
`;
  expect(hostOf(imported(text, 'agent.toml', ['db1']).yaml, 'db1')).toMatchObject({
    seed: { method: ['lvm'], ports: { first: 21_233, last: 21_234 } },
    snapshot: { mountRoot: '/var/tmp/bkp' },
    commands: { hello: { run: 'echo hello' } },
  });
  const told = words(text, 'agent.toml');
  expect(told.join('\n')).not.toContain('hunter2');
  expect(told).toContain('! extra.a - not known to reseed: nothing was made of it');
  expect(told).toContain(
    '! custom-commands.post-seed-command - the agent ran it on both hosts after each seed: write it as a hook at after-caught-up, once with on: donor and once with on: target',
  );
});

test('a client elsewhere is told with what makes reseed use it: its options alone were taken, without a word', () => {
  const text = '{ "MySQLClientCommand": "/opt/mysql/bin/mysql --defaults-file=/root/.my.cnf" }';
  expect(words(text)).toEqual([
    '! MySQLClientCommand 1:3 mysql.defaultsFile: /root/.my.cnf; reseed runs mysql or mariadb of the PATH of its account: put a link to /opt/mysql/bin/mysql into /usr/local/bin of the host',
  ]);
  expect(hostOf(imported(text, 'agent.json', ['db1']).yaml, 'db1')).toMatchObject({
    mysql: { defaultsFile: '/root/.my.cnf' },
  });
});

test('a comment in JSON is told as that: it was called broken TOML', () => {
  const result = importAgent('// ours\n{ "ExecWithSudo": true }\n', 'agent.json', []);
  expect(result.ok ? '' : formatProblem(result.problem)).toBe(
    'agent.json:1:1 a comment, and JSON has none, take the line out',
  );
});

test('sections of TOML that are methods of reseed are told as such: they were said not to be there', () => {
  const text =
    '[xtrabackup]\nenabled = true\nxtrabackup-opts = ["x"]\n[clone_plugin]\nenabled = true\n[mydumper]\nenabled = false\n';
  expect(words(text, 'agent.toml')).toEqual([
    '! xtrabackup.enabled - reseed seeds by xtrabackup too: --method xtrabackup, or a place in the list seed.method',
    'xtrabackup.xtrabackup-opts - options of xtrabackup: reseed sets those that it needs itself',
    '! clone_plugin.enabled - reseed seeds by the clone plugin too: --method clone, or a place in the list seed.method',
    'mydumper.enabled - off',
  ]);
});

test('tables below a section and lists of tables in TOML are told by their keys: they ended it with a stack trace', () => {
  const text = `opts = [{ a = 1 }, [{ b = 2 }]]
[lvm]
create-snapshot-command = { run = "x" }
[lvm.extra]
a = 1
[custom.commands.foo]
cmd = "x"
[[custom-commands]]
cmd = "x"
`;
  expect(words(text, 'agent.toml')).toEqual([
    '! opts - not known to reseed: nothing was made of it',
    '! lvm.create-snapshot-command - it is a map, where the agent reads text: nothing was made of it',
    '! lvm.extra - not known to reseed: nothing was made of it',
    '! custom.commands - not known to reseed: nothing was made of it',
    '! custom-commands - it is a list, where the agent reads a map: nothing was made of it',
  ]);
});

test('settings of orchestrator itself, and what reseed does itself, are nothing that is left to do', () => {
  const text = JSON.stringify({
    MySQLTopologyUser: 'orc',
    RecoverMasterClusterFilters: ['*'],
    GetMountCommand: 'grep',
    SnapshotVolumesFilter: '-[ab]',
  });
  const result = importAgent(text, 'orchestrator.conf.json', ['db1']);
  if (!result.ok) throw new Error(formatProblem(result.problem));
  expect(result.keys.filter(({ isLeft }) => isLeft).map(({ key }) => key)).toEqual(['SnapshotVolumesFilter']);
  expect(result.keys.map(({ text: told }) => told)).toContain('not needed: reseed does this itself');
});

test('the accounts of seeds of the rewrite are made by reseed itself', () => {
  const result = importAgent(
    'MaxRetriesForSeedStage = 3\n[mysql]\nseed-user = "u"\nseed-password = "secret"\n',
    'agent.toml',
    ['db1'],
  );
  if (!result.ok) throw new Error(formatProblem(result.problem));
  expect(result.keys.filter(({ isLeft }) => isLeft)).toEqual([]);
  expect(JSON.stringify(result)).not.toContain('secret');
});

test.each([
  ['{\n  "a": }\n', 'agent.json:2:8 broken JSON, '],
  ['{\n  "a": 1, // "MySQLPortCommand"\n  "b": 2\n}\n', 'agent.json:2:11 a comment, and JSON has none, '],
  ['{ "a": yes }\n', 'agent.json:1:8 broken JSON, '],
  ['{ "a": 1,\n', 'agent.json:'],
])('what no reader of JSON takes is refused at its place, and no setting is made of it: %j', (text, said) => {
  const result = importAgent(text, 'agent.json', []);
  expect(result.ok ? 'read' : formatProblem(result.problem)).toContain(said);
});

test('options of a client that only say how it prints are no login, and are left out', () => {
  expect(words('{ "MySQLClientCommand": "mysql --defaults-file=/root/.my.cnf -sN --batch" }')).toEqual([
    'MySQLClientCommand 1:3 mysql.defaultsFile: /root/.my.cnf',
  ]);
  expect(words('{ "MySQLClientCommand": "mysql -s" }')).toEqual([
    'MySQLClientCommand 1:3 not needed: reseed uses mysql or mariadb, with the option files of its account',
  ]);
  expect(words('{ "MySQLTailErrorLogCommand": "tail -n 20 /var/log/mysql/weird.err" }').join()).toMatch(
    /mysql\.errorLog$/,
  );
});
