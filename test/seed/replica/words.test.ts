// The statements that a server gets when it becomes a replica, and how values are put into them.
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { scriptText } from '../../../src/scripts/script.ts';
import { seedSqlWords } from '../../../src/scripts/seed-sql-words.ts';
import { attachWords, beginWords, replicaOptions, startOptions } from '../../../src/seed/replica/change-words.ts';
import { givenNames, persistedOptions } from '../../../src/seed/replica/persisted.ts';
import { proofWords, replicaWords } from '../../../src/seed/replica/words.ts';

const versions = [
  ['mysql', '5.7.44', 'STOP SLAVE; RESET SLAVE ALL; RESET MASTER;', 'CHANGE MASTER TO MASTER_HOST', 'START SLAVE;'],
  ['mysql', '8.0.22', 'STOP SLAVE; RESET SLAVE ALL; RESET MASTER;', 'CHANGE MASTER TO MASTER_HOST', 'START SLAVE;'],
  [
    'percona',
    '8.0.40',
    'STOP REPLICA; RESET REPLICA ALL; RESET MASTER;',
    'CHANGE REPLICATION SOURCE TO SOURCE_HOST',
    'START REPLICA;',
  ],
  [
    'mysql',
    '8.4.3',
    'STOP REPLICA; RESET REPLICA ALL; SELECT asynchronous_connection_failover_reset(); RESET BINARY LOGS AND GTIDS;',
    'CHANGE REPLICATION SOURCE TO SOURCE_HOST',
    'START REPLICA;',
  ],
  [
    'mysql',
    '26.7',
    'STOP REPLICA; RESET REPLICA ALL; SELECT asynchronous_connection_failover_reset(); RESET BINARY LOGS AND GTIDS;',
    'CHANGE REPLICATION SOURCE TO SOURCE_HOST',
    'START REPLICA;',
  ],
  [
    'mariadb',
    '10.11.19',
    'STOP ALL SLAVES; RESET SLAVE ALL; RESET MASTER;',
    'CHANGE MASTER TO MASTER_HOST',
    'START SLAVE;',
  ],
] as const;

describe.each(versions)('%s %s', (vendor, version, reset, change, begin) => {
  const words = (position: 'gtid' | 'here' | 'file', tls = true) =>
    attachWords({ vendor, version, position, tls, logBin: true });

  test('loses its source and its log, then gets its new coordinates, and only then starts', () => {
    expect(words('gtid').startsWith(reset)).toBe(true);
    expect(words('gtid')).toContain(change);
    expect(words('gtid')).not.toContain('START');
    expect(beginWords({ vendor, version })).toBe(begin);
  });

  test('that begins by file knows the GTIDs of its data where its donor gives them to a part: a source asked by GTID later sent them once more', () => {
    const asked = { vendor, version, position: 'file', tls: true, logBin: true } as const;
    const known = 'SET GLOBAL gtid_purged = {gtid};';
    expect(attachWords(asked)).not.toContain(known);
    expect(attachWords({ ...asked, keepsGtids: true }).includes(known)).toBe(vendor !== 'mariadb');
  });

  test('continues by the GTIDs of the snapshot, or by those of its own data', () => {
    const variable = vendor === 'mariadb' ? 'gtid_slave_pos' : 'gtid_purged';
    expect(words('gtid')).toContain(`SET GLOBAL ${variable} = {gtid};`);
    expect(words('here')).toBe(words('gtid'));
  });

  test('continues at a position in a log, whose number is no string', () => {
    expect(words('file')).toMatch(/_LOG_FILE = \{file\}, (MASTER|SOURCE)_LOG_POS = \{#position\}/);
    expect(words('file')).not.toContain('{gtid}');
  });

  test('says the password last: what a server repeats of a statement begins before it', () => {
    expect(words('gtid')).toMatch(/_PASSWORD = \{password\};$/);
  });
});

test('a MariaDB without a binary log, which refuses RESET MASTER with 1186, is not told to reset it', () => {
  const words = (vendor: 'mysql' | 'mariadb', version: string, logBin: boolean) =>
    attachWords({ vendor, version, position: 'gtid', tls: true, logBin });
  const [logged, unlogged] = [words('mariadb', '10.11.19', true), words('mariadb', '10.11.19', false)];
  expect(unlogged).toBe(logged.replace(' RESET MASTER;', ''));
  expect(unlogged).not.toBe(logged);
  // This makes it forget its GTIDs, and it accepts that without a log [ran: 9.7.4 with skip-log-bin].
  expect(words('mysql', '9.7.4', false)).toContain('RESET BINARY LOGS AND GTIDS;');
});

test('a server starts without replicating and without taking writes, in the words of its release', () => {
  expect(startOptions({ vendor: 'mysql', version: '8.0.25' })).toEqual([
    '--skip-slave-start',
    '--read-only',
    '--super-read-only',
    '--init-file=/dev/null',
    '--persisted-globals-load=OFF',
    '--log-error-verbosity=3',
    '--log-error-suppression-list=',
  ]);
  expect(startOptions({ vendor: 'mysql', version: '5.7.44' }).slice(4)).toEqual(['--log-error-verbosity=3']);
  expect(startOptions({ vendor: 'mysql', version: '9.7.4' })[0]).toBe('--skip-replica-start');
  expect(startOptions({ vendor: 'mariadb', version: '10.11.19' })).toEqual([
    '--skip-slave-start',
    '--read-only',
    '--init-file=',
  ]);
});

test('what SET PERSIST has set on a target is there from its first start on: a server of server_id 13 replicated as 1', () => {
  const persisted = persistedOptions([
    { name: 'server_id', value: '13', byStart: false },
    { name: 'innodb_read_io_threads', value: '3', byStart: true },
    // A restrained start has its own options for these.
    { name: 'read_only', value: 'OFF', byStart: false },
    { name: 'super_read_only', value: 'OFF', byStart: false },
    { name: 'skip_replica_start', value: 'OFF', byStart: true },
    // These must not be in a file of a unit: words that systemd interprets, options that are no variables, secrets.
    { name: 'report_host', value: 'x --user=root', byStart: true },
    { name: 'innodb_ft_aux_table', value: '%n', byStart: false },
    { name: 'user', value: 'root', byStart: false },
    { name: 'binlog_key', byStart: false },
  ]);
  expect(persisted).toEqual(['--loose-server_id=13', '--loose-innodb_read_io_threads=3']);
  for (const options of [startOptions, replicaOptions]) {
    const said = options({ vendor: 'mysql', version: '9.7.4', persisted });
    expect(said.filter((one) => one.startsWith('--loose-'))).toEqual(persisted);
    expect(said).toContain('--persisted-globals-load=OFF');
  }
});

test('no event of the donor runs on a target while it is seeded, nor where it starts again meanwhile', () => {
  for (const speaker of [
    { vendor: 'mysql', version: '9.7.4' } as const,
    { vendor: 'mariadb', version: '10.11.19' } as const,
  ]) {
    for (const options of [startOptions, replicaOptions]) {
      // A MariaDB whose scheduler is DISABLED refuses the CREATE EVENT that comes from its source (1577).
      const state = speaker.vendor === 'mysql' ? 'DISABLED' : 'OFF';
      expect(options({ ...speaker, eventsOff: true })).toContain(`--event-scheduler=${state}`);
      // If no event is enabled, a scheduler that is off would only be missed when this host becomes the primary.
      expect(options(speaker).join(' ')).not.toContain('event');
    }
  }
});

test('a replica that starts again replicates, and takes no writes', () => {
  const skips = /--skip-(slave|replica)-start|--log-error-/;
  for (const speaker of [
    { vendor: 'mysql', version: '9.7.4' } as const,
    { vendor: 'mariadb', version: '10.11.19' } as const,
  ]) {
    expect(replicaOptions(speaker)).toEqual(startOptions(speaker).filter((option) => !skips.test(option)));
    expect(replicaOptions(speaker)).toContain('--read-only');
  }
});

test('a replica without TLS asks for the key that its password needs, where there is one', () => {
  const words = (version: string) =>
    attachWords({ vendor: 'mysql', version, position: 'gtid', tls: false, logBin: true });
  expect(words('9.7.4')).toContain('SOURCE_SSL = 0, GET_SOURCE_PUBLIC_KEY = 1');
  expect(words('5.7.44')).not.toContain('PUBLIC_KEY');
});

test('how a replica gets on is asked in words that its release has', () => {
  expect(replicaWords({ vendor: 'mysql', version: '8.0.21' })).toContain('SHOW SLAVE STATUS;');
  expect(replicaWords({ vendor: 'mysql', version: '8.4.0' })).toContain('SHOW REPLICA STATUS;');
  expect(replicaWords({ vendor: 'mariadb', version: '11.4.2' })).toContain('SHOW ALL SLAVES STATUS;');
});

describe('seed-sql.sh', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'reseed-sql-'));
    // Takes the place of the client: what it would have sent to the server, and what it would have printed.
    const client = join(folder, 'mysql');
    writeFileSync(client, '#!/bin/sh\ntr "\\0" " " </proc/$$/cmdline >"$0.said"\nenv >>"$0.said"\nexec cat\n');
    chmodSync(client, 0o700);
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const say = async (sql: string, values: Readonly<Record<string, string>>) =>
    execa('sh', ['-c', await scriptText('seed-sql'), 'seed-sql.sh', ...seedSqlWords({}, sql)], {
      env: { PATH: `${folder}:${process.env.PATH}` },
      input: Object.entries(values)
        .map(([name, value]) => `${name} ${value}\n`)
        .join(''),
      reject: false,
    });
  /** As a server reads a string with an empty sql_mode. */
  const readString = (literal: string) =>
    literal.slice(1, -1).replaceAll(/\\(.)|''/gs, (pair, escaped: string | undefined) => escaped ?? pair[0] ?? '');

  test('quotes any value, so that the server reads what was sent', async () => {
    const value = fc.string({ unit: fc.constantFrom(...`ab'"\\\`{}$%;#-é( )`), maxLength: 24 });
    await fc.assert(
      fc.asyncProperty(value, value, async (password, user) => {
        const { stdout } = await say('A = {user}, B = {password}, N = {#port};', { user, password, port: '3306' });
        const [, saidUser = '', saidPassword = ''] =
          /^SET SESSION sql_mode = '';\nA = ('.*'), B = ('.*'), N = 3306;$/s.exec(stdout) ?? [];
        expect([readString(saidUser), readString(saidPassword)]).toEqual([user, password]);
      }),
      { numRuns: 40 },
    );
  });

  test('puts no value into arguments or environment', async () => {
    await say('A = {password};', { password: 's3cr3t' });
    expect(readFileSync(join(folder, 'mysql.said'), 'utf8')).toContain('--batch');
    expect(readFileSync(join(folder, 'mysql.said'), 'utf8')).not.toContain('s3cr3t');
  });

  // As MariaDB 10.11's client printed it: the password of a CHANGE MASTER that failed came into the log of the job.
  test('tells an error without the statement that failed, whose values a MariaDB client repeats', async () => {
    const failing = join(folder, 'failing');
    mkdirSync(failing);
    const client = join(failing, 'mysql');
    writeFileSync(
      client,
      `#!/bin/sh
statement=$(tail -n 1)
printf -- '--------------\\n%s\\n--------------\\n\\nERROR 1064 (42000) at line 2: right syntax to use near %s at line 1\\n' "$statement" "'BY
'$statement''" >&2
exit 1
`,
    );
    chmodSync(client, 0o700);
    const { exitCode, stderr } = await execa(
      'sh',
      ['-c', await scriptText('seed-sql'), 'seed-sql.sh', ...seedSqlWords({}, 'A = {password};')],
      { env: { PATH: `${failing}:${process.env.PATH}` }, input: 'password s3cr3t\n', reject: false },
    );
    expect(exitCode).toBe(1);
    expect(stderr).toBe('ERROR 1064 (42000) at line 2: right syntax to use near what is not repeated here');
  });

  test('never takes a value for a place of another value', async () => {
    const { stdout } = await say('A = {user}, B = {password};', { user: '{password}', password: '{user}' });
    expect(stdout).toContain("A = '{password}', B = '{user}';");
  });

  test('says nothing to the server where a value is missing or no number', async () => {
    expect(await say('A = {user};', {})).toMatchObject({ exitCode: 64, stderr: 'no value came for user' });
    expect(await say('A = {#port};', { port: '1 OR 1' })).toMatchObject({ exitCode: 64, stdout: '' });
  });
});

test('a MySQL that said at its start what it is asked for is asked in words that no merge of indexes leaves empty', () => {
  const words = proofWords({ vendor: 'mysql', version: '9.7.4' });
  const [, of = ''] = /FROM performance_schema\.error_log (.*?);/.exec(words) ?? [];
  expect(of).toMatch(/^HAVING .* OR .* ORDER BY LOGGED/);
  // The only WHERE is that of the start, with one column.
  expect(of.match(/WHERE [^)]*\)/g)).toEqual(["WHERE ERROR_CODE = 'MY-010116')"]);
});

test('an undo gives a server back the options that a seed may give it, and no others', async () => {
  const script = await scriptText('seed-before');
  const lists = script.split('\n').filter((line) => line.startsWith('persisted_names='));
  const { stdout } = await execa('sh', ['-c', [...lists, 'printf %s "$persisted_names"'].join('\n')]);
  expect(stdout).toBe(givenNames);
});
