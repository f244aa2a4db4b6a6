import { describe, expect, test } from 'vitest';
import { reportParts } from '../../src/host/facts.ts';
import { readLvm } from '../../src/host/storage/lvm.ts';
import { recorded, reportOf, reportsIn, sentinel, told } from './recordings.ts';

const uuid = expect.stringMatching(/^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/);
const lvmUuid = expect.stringMatching(/^\w{6}(?:-\w{4}){5}-\w{6}$/);

describe('a MySQL primary', () => {
  const report = reportOf('mysql-9.7/probe-primary');

  test('tells every part', () => {
    // Recorded where the inventory had no commands to ask.
    expect(Object.keys(report).sort()).toEqual(reportParts.filter((part) => part !== 'commands').sort());
    expect(Object.values(report).filter((part) => !part.ok)).toEqual([]);
  });

  test('the machine', () => {
    const system = told(report.system);
    expect(system).toMatchObject({ hostname: 'db1', os: 'Debian GNU/Linux forky/sid', kernel: '7.2.7', cpus: 1 });
    expect(system.load).toHaveLength(3);
    expect(system.memoryBytes).toBe(872_864 * 1024);
    expect(system.memoryAvailableBytes).toBeLessThan(system.memoryBytes);
    expect(new Date(system.clockMs).getUTCFullYear()).toBeGreaterThanOrEqual(2025);
  });

  test('the zone of its clock, by which MariaDB writes its log', () => {
    const text = recorded('mysql-9.7/probe-primary').toString();
    const zoned = text.replace(/( section clock\n\d+\.\d+)/, '$1 +0530');
    const [report] = reportsIn(Buffer.from(zoned));
    expect(report?.system?.ok && report.system.value.utcOffsetSeconds).toBe(19_800);
  });

  test('the service and the server', () => {
    expect(told(report.service)).toEqual({
      unit: 'mysql',
      state: 'active',
      subState: 'running',
      enabled: 'enabled',
      pid: expect.any(Number),
    });
    expect(told(report.server)).toMatchObject({
      version: '9.7.4',
      fullVersion: '9.7.4-2',
      vendor: 'mysql',
      hostname: 'db1',
      port: 3306,
      datadir: '/var/lib/mysql/',
      errorLog: '/var/log/mysql/error.log',
      readOnly: false,
      superReadOnly: false,
      serverId: 11,
      serverUuid: uuid,
      logBin: true,
      gtid: true,
      gtidExecuted: expect.stringMatching(/^[0-9a-f-]{36}:1-\d+$/),
      gtidPurged: '',
    });
  });

  test('its replica, by the name that it reports', () => {
    expect(told(report.replication)).toEqual({
      channels: [],
      replicas: [{ host: 'db2', port: 3306, serverId: 12, uuid }],
    });
  });

  test('its disk and the volume below it', () => {
    expect(told(report.disk)).toMatchObject({
      datadir: '/var/lib/mysql',
      mountPoint: '/var/lib/mysql',
      device: '/dev/mapper/vg0-mysql',
      fileSystem: 'ext4',
      sizeBytes: 2_040_373_248,
      readOnly: false,
    });
    expect(told(report.datadirSize).usedBytes).toBeGreaterThan(100_000_000);
    expect(told(report.lvm)).toEqual({
      groups: [
        { name: 'vg0', uuid: lvmUuid, sizeBytes: 4_290_772_992, freeBytes: 2_143_289_344, extentBytes: 4_194_304 },
      ],
      volumes: [
        {
          group: 'vg0',
          volume: 'mysql',
          uuid: lvmUuid,
          kind: 'linear',
          sizeBytes: 2_147_483_648,
          attributes: '-wi-ao----',
          tags: [],
          createdSeconds: expect.any(Number),
          valid: true,
          active: true,
          mountPoints: ['/var/lib/mysql'],
        },
      ],
      datadirVolume: { group: 'vg0', volume: 'mysql' },
    });
  });

  test('its error log', () => {
    const { path, sizeBytes, lines } = told(report.errorLog);
    expect(path).toBe('/var/log/mysql/error.log');
    expect(sizeBytes).toBeGreaterThan(1000);
    expect(lines.map(({ severity }) => severity)).toContain('warning');
    expect(lines.at(-1)).toMatchObject({ time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/) });
  });
});

test('a MySQL replica that follows', () => {
  const { server, replication } = reportOf('mysql-9.7/probe-replica');
  expect(told(server)).toMatchObject({ readOnly: true, superReadOnly: true });
  expect(told(replication).channels).toEqual([
    {
      name: '',
      sourceHost: '10.77.0.11',
      sourcePort: 3306,
      sourceUser: 'repl',
      sourceUuid: uuid,
      sourceServerId: 11,
      ioThread: 'running',
      sqlThread: 'running',
      lagSeconds: expect.any(Number),
      gtidRetrieved: expect.stringMatching(/^[0-9a-f-]{36}:\d+-\d+$/),
      gtidExecuted: expect.stringMatching(/^[0-9a-f-]{36}:1-\d+$/),
      autoPosition: true,
      sourceLogFile: 'binlog.000001',
      readSourceLogPosition: expect.any(Number),
      execSourceLogPosition: expect.any(Number),
      tls: true,
    },
  ]);
});

test("a broken MySQL replica says the worker's reason, not only that there was one", () => {
  const [channel] = told(reportOf('mysql-9.7/probe-broken').replication).channels;
  expect(channel).toMatchObject({
    ioThread: 'running',
    sqlThread: 'stopped',
    errorNumber: 1062,
    error: expect.stringMatching(/Duplicate entry '\d+' for key 'ledger\.PRIMARY'/),
  });
  expect(channel).not.toHaveProperty('lagSeconds');
});

test('a MySQL that is down: its configuration, disk, volumes and log are reported all the same', () => {
  const report = reportOf('mysql-9.7/probe-down');
  expect(told(report.service)).toEqual({ unit: 'mysql', state: 'inactive', subState: 'dead', enabled: 'enabled' });
  expect(report.server).toEqual({ ok: false, why: 'the server is down' });
  expect(report.replication).toEqual({ ok: false, why: 'the server is down' });
  expect(told(report.config)).toEqual({ datadir: '/var/lib/mysql', errorLog: '/var/log/mysql/error.log' });
  expect(told(report.disk).mountPoint).toBe('/var/lib/mysql');
  expect(told(report.lvm).datadirVolume).toEqual({ group: 'vg0', volume: 'mysql' });
  expect(told(report.errorLog).lines.at(-1)?.text).toMatch(/shut ?down|Shutdown|MySQL Server - end/);
});

test('a blank machine', () => {
  const report = reportOf('mysql-9.7/probe-blank');
  expect(told(report.service)).toMatchObject({ unit: 'mysql', state: 'inactive', enabled: 'disabled' });
  expect(told(report.service)).not.toHaveProperty('pid');
  expect(told(report.disk).usedBytes).toBeLessThan(10_000_000);
});

test.each(['18446744073709541043', '4294961043'])(
  'a clock that was set back before the start of the server (Uptime %s) hides its uptime, and nothing else',
  (uptime) => {
    const text = recorded('mysql-9.7/probe-primary').toString('latin1');
    const [report] = reportsIn(Buffer.from(text.replace(/^Uptime\t\d+$/m, `Uptime\t${uptime}`), 'latin1'));
    const server = report?.server && told(report.server);
    expect(server).toMatchObject({ version: '9.7.4', serverId: 11, readOnly: false });
    expect(server).not.toHaveProperty('uptimeSeconds');
  },
);

test('nor does a count that is no number: the rest of the server is reported', () => {
  const text = recorded('mysql-9.7/probe-primary').toString('latin1');
  const strange = text.replace(/^(Threads_connected|Threads_running|max_connections)\t\d+$/gm, '$1\t-1');
  const [report] = reportsIn(Buffer.from(strange, 'latin1'));
  const server = report?.server && told(report.server);
  expect(server).toMatchObject({ version: '9.7.4', uptimeSeconds: 3244 });
  expect(server).not.toHaveProperty('threadsConnected');
});

test('open temporary tables of an applier are read by the newer name of their counter, or by the older one', () => {
  const text = recorded('mysql-9.7/probe-replica').toString('latin1');
  const open = (...rows: readonly string[]) => {
    const more = text.replace(/^Threads_running\t\d+$/m, ['$&', ...rows].join('\n'));
    const [report] = reportsIn(Buffer.from(more, 'latin1'));
    return report?.server && told(report.server).applierTempTables;
  };
  expect(open()).toBeUndefined();
  expect(open('Slave_open_temp_tables\t0')).toEqual({ count: 0, counter: 'Slave_open_temp_tables' });
  expect(open('Replica_open_temp_tables\t3', 'Slave_open_temp_tables\t3')).toEqual({
    count: 3,
    counter: 'Replica_open_temp_tables',
  });
});

test('a refused login hides nothing but what only the server could tell', () => {
  const report = reportOf('mysql-9.7/probe-refused');
  const why = "ERROR 1045 (28000): Access denied for user 'nobody'@'localhost' (using password: YES)";
  expect(report.server).toEqual({ ok: false, why });
  expect(report.replication).toEqual({ ok: false, why });
  expect(told(report.service)).toMatchObject({ state: 'active', pid: expect.any(Number) });
  expect(told(report.disk).mountPoint).toBe('/var/lib/mysql');
  expect(told(report.errorLog).path).toBe('/var/log/mysql/error.log');
});

test('a login that may not see the replication still sees the server', () => {
  const report = reportOf('mysql-9.7/probe-small-account');
  expect(told(report.server)).toMatchObject({ version: '9.7.4', serverId: 11 });
  expect(report.replication).toMatchObject({
    ok: false,
    why: expect.stringMatching(/^ERROR 1227 .*REPLICATION CLIENT/),
  });
  // Its defaults file has only a login: the usual files describe the server.
  expect(told(report.config).errorLog).toBe('/var/log/mysql/error.log');
});

test('an account without root: each fact is reported, or why it is unknown', () => {
  const report = reportOf('mysql-9.7/probe-no-sudo');
  expect(told(report.system).hostname).toBe('db2');
  expect(told(report.service)).toMatchObject({ unit: 'mysql', state: 'active' });
  expect(told(report.disk).device).toBe('/dev/mapper/vg0-mysql');
  expect(report.server).toMatchObject({ ok: false, why: expect.stringContaining("Access denied for user 'ops'") });
  expect(report.lvm).toEqual({ ok: false, why: '/run/lock/lvm/P_global:aux: open failed: Permission denied' });
  expect(report.datadirSize).toMatchObject({ ok: false, why: expect.stringContaining('Permission denied') });
  expect(report.errorLog).toMatchObject({ ok: false, why: expect.stringContaining('Permission denied') });
});

test('a host without LVM', () => {
  const report = reportOf('mysql-9.7/probe-no-lvm');
  expect(report.lvm).toEqual({ ok: false, why: 'vgs is not installed', missing: true });
  expect(told(report.disk).fileSystem).toBe('ext4');
});

test('a classic snapshot: its origin, use, tags, and a mount point with blanks and letters of another script', () => {
  const { volumes } = told(reportOf('mysql-9.7/probe-snapshot').lvm);
  expect(volumes).toMatchObject([
    { volume: 'mysql', kind: 'origin', valid: true },
    {
      volume: 'nightly',
      kind: 'snapshot',
      origin: 'mysql',
      sizeBytes: 67_108_864,
      usedPercent: expect.any(Number),
      tags: ['keep', 'reseed-17'],
      valid: true,
      active: true,
      mountPoints: ['/mnt/a b é'],
    },
  ]);
});

test('a classic snapshot that overflowed is not valid', () => {
  const { volumes } = told(reportOf('mysql-9.7/probe-snapshot-invalid').lvm);
  expect(volumes.find(({ volume }) => volume === 'drill-full')).toMatchObject({
    kind: 'snapshot',
    attributes: 'swi-I-s---',
    usedPercent: 100,
    valid: false,
    mountPoints: [],
  });
});

test('a MariaDB primary on a thin volume', () => {
  const report = reportOf('mariadb-10.11/probe-primary');
  const server = told(report.server);
  expect(server).toMatchObject({
    version: '10.11.19',
    vendor: 'mariadb',
    readOnly: false,
    gtid: true,
    gtidExecuted: expect.stringMatching(/^0-14-\d+$/),
    errorLog: '/var/log/mysql/error.log',
  });
  expect(server).not.toHaveProperty('serverUuid');
  expect(server).not.toHaveProperty('gtidPurged');
  expect(told(report.service).unit).toBe('mariadb');
  expect(told(report.replication).replicas).toEqual([{ host: 'db5', port: 3306, serverId: 15 }]);
});

test('thin snapshots, one of them mounted, and their pool', () => {
  const { volumes, datadirVolume } = told(reportOf('mariadb-10.11/probe-thin-snapshot').lvm);
  expect(volumes).toMatchObject([
    { volume: 'data', kind: 'thin', pool: 'pool', usedPercent: expect.any(Number), mountPoints: ['/var/lib/mysql'] },
    { volume: 'mounted', kind: 'thinSnapshot', origin: 'data', pool: 'pool', active: true, mountPoints: ['/mnt/thin'] },
    { volume: 'pool', kind: 'thinPool', usedPercent: expect.any(Number), metadataPercent: expect.any(Number) },
    { volume: 'resting', kind: 'thinSnapshot', origin: 'data', active: false, valid: true, mountPoints: [] },
  ]);
  expect(datadirVolume).toEqual({ group: 'vgcrm', volume: 'data' });
});

test('a MariaDB replica that follows, and its log elsewhere', () => {
  const report = reportOf('mariadb-10.11/probe-replica');
  expect(told(report.replication).channels).toMatchObject([
    {
      name: '',
      sourceHost: '10.77.0.14',
      sourceServerId: 14,
      ioThread: 'running',
      sqlThread: 'running',
      gtidRetrieved: expect.stringMatching(/^0-14-\d+$/),
      gtidExecuted: expect.stringMatching(/^0-14-\d+$/),
      autoPosition: true,
      tls: false,
    },
  ]);
  expect(told(report.errorLog).path).toBe('/var/log/db5/mariadb.err');
});

test('a broken MariaDB replica', () => {
  expect(told(reportOf('mariadb-10.11/probe-broken').replication).channels).toMatchObject([
    { sqlThread: 'stopped', errorNumber: 1062, error: expect.stringContaining('Duplicate entry') },
  ]);
});

test('a MariaDB that is down: where its log lies is read from its option files', () => {
  const report = reportOf('mariadb-10.11/probe-down');
  expect(told(report.service)).toEqual({ unit: 'mariadb', state: 'inactive', subState: 'dead', enabled: 'enabled' });
  expect(told(report.config).errorLog).toBe('/var/log/db5/mariadb.err');
  expect(told(report.errorLog).path).toBe('/var/log/db5/mariadb.err');
});

test('a log that has not changed is not sent twice, and is still told', () => {
  const first = recorded('mysql-9.7/probe-primary');
  const [before, after] = reportsIn(
    first,
    Buffer.from(
      [
        `\n${sentinel} begin 2 errorLog`,
        `\n${sentinel} section logPath\n/var/log/mysql/error.log\n${sentinel} status 0`,
        `\n${sentinel} section logSize\n2494 regular file,1 2 x\n${sentinel} status 0`,
        `\n${sentinel} section logTail\n\n${sentinel} status same`,
        `\n${sentinel} end 2\n`,
      ].join('\n'),
    ),
  );
  expect(before?.errorLog?.ok).toBe(true);
  expect(after?.errorLog).toBe(before?.errorLog);
});

test.each([
  ['output_format = "json"', '{"report":[{"vg":[{"vg_name":"vg0"}]}]}'],
  ['prefixes = 1', "LVM2_VG_NAME='vg0'|LVM2_VG_UUID='x'"],
  ['columns_as_rows', 'vg0\nx="1"'],
])('volumes in a form that can not be read (%s) are said to be that, and never to be none', (_, printed) => {
  const section = (text: string) => ({ text, status: '0', cut: false });
  const sections = new Map([
    ['vgs', section(printed)],
    ['lvs', section(printed)],
    ['mounts', section('')],
  ]);
  expect(readLvm(sections)).toMatchObject({ ok: false, why: expect.stringMatching(/can't be read/) });
});

describe('a MariaDB that logs to the journal, as Debian installs it', () => {
  test('has its log from there, with the times of the journal; what has not changed is not sent again', () => {
    const [first, second] = reportsIn(recorded('mariadb-10.11/probe-journal'));
    if (!first?.errorLog || !second?.errorLog) throw new Error('two reports were recorded');
    const log = told(first.errorLog);
    expect(log.path).toBe('journal of mariadb.service');
    expect(log.sizeBytes).toBeUndefined();
    expect(log.lines.at(-1)).toEqual({
      time: '2026-11-26T17:59:01.067668Z',
      text: '2026-11-26T17:59:01.067668Z systemd: Started mariadb.service - MariaDB 10.11.19 database server.',
    });
    expect(log.lines.some(({ severity, text }) => severity === 'error' && /got signal 11/.test(text))).toBe(true);
    expect(told(second.errorLog)).toBe(log);
  });
});
