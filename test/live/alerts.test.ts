import { describe, expect, test } from 'vitest';
import { fullLook } from '../../components/base/theme.ts';
import { lagCell } from '../../components/screens/fleet/cells.ts';
import { columns } from '../../src/commands/hosts/status/cells.ts';
import { alertsOf } from '../../src/fleet/alerts/alerts.ts';
import type { Alert, HostPicture } from '../../src/fleet/picture.ts';
import { serviceState } from '../../src/fleet/service-state.ts';
import { createFleetStore, folded } from '../../src/fleet/store.ts';
import { roleOf } from '../../src/fleet/topology/role.ts';
import type { HostReport, LogLine, ReplicationChannel, ServiceFacts } from '../../src/host/facts.ts';
import { reasonOfStop } from '../../src/host/log/stop-reason.ts';
import { readService } from '../../src/host/server/service.ts';
import { reportOf } from '../host/recordings.ts';
import { hostNamed, pictureOf, practiceInventory } from './pictures.ts';
import { failed } from './scripted.ts';

const [up, trouble] = [pictureOf('up'), pictureOf('trouble')];
const told = (alerts: readonly Alert[]) => alerts.map(({ kind, level, text }) => `${level} ${kind}: ${text}`);
const changed = (name: string, report: HostReport, picture = up): HostPicture => {
  const before = hostNamed(picture, name);
  return { ...before, report: { ...before.report, ...report } };
};

function value<T>(fact: { readonly ok: true; readonly value: T } | { readonly ok: false } | undefined): T {
  if (!fact?.ok) throw new Error('it was not recorded');
  return fact.value;
}

describe('as recorded on the practice fleet', () => {
  test('a host that is well has no alert; a new machine is no emergency', () => {
    expect(told(hostNamed(up, 'db1').alerts)).toEqual([]);
    expect(told(hostNamed(up, 'db6').alerts)).toEqual([
      'warning down: empty datadir: mysql is stopped and disabled, and was never set up',
    ]);
    expect(serviceState(hostNamed(up, 'db6'))).toBe('blank');
  });

  test('a stopped server, and before all else', () => {
    const [first] = told(hostNamed(trouble, 'db5').alerts);
    expect(first).toBe('critical down: mariadb is stopped');
  });

  test("broken replication leads with number, cause and object; the worker's words come behind", () => {
    const [alert] = alertsOf(hostNamed(trouble, 'db3'));
    expect(alert?.reason).toMatch(/^1062 duplicate key \d+ in drill\.ledger$/);
    expect(told(alert ? [alert] : [])[0]).toMatch(
      /^critical replicationBroken: 1062 duplicate key (\d+) in drill\.ledger; replication is broken: Worker 1 failed .*Duplicate entry '\1' for key/,
    );
  });

  test('a full disk, an overflowed snapshot, a pool that is nearly full', () => {
    expect(told(hostNamed(trouble, 'db6').alerts)).toContain(
      'critical diskFull: disk 100 % full: 0B free on /var/lib/mysql',
    );
    expect(told(hostNamed(trouble, 'db1').alerts)).toContain(
      'warning snapshotInvalid: snapshot drill-full is invalid: its room overflowed, and what it held is lost',
    );
    expect(told(hostNamed(trouble, 'db4').alerts)[0]).toBe(
      'critical poolFull: thin pool pool has used 95 % of its data: full, it stops every write',
    );
  });
});

describe('the link', () => {
  test('a host that is away says so first, in the words of the failure, and since when', () => {
    const link = { state: 'failed', sinceMs: 5, failure: failed('unreachable', 'no route to the host') } as const;
    expect(alertsOf({ ...hostNamed(trouble, 'db3'), link })[0]).toEqual({
      kind: 'unreachable',
      level: 'critical',
      text: 'unreachable: no route to the host',
      reason: 'no route to the host',
      sinceMs: 5,
    });
  });

  test('a refused sudo is not called unreachable', () => {
    const link = { state: 'failed', sinceMs: 5, failure: failed('sudo', 'sudo on db2 refused') } as const;
    expect(alertsOf({ ...hostNamed(up, 'db2'), link })[0]).toMatchObject({
      kind: 'noSudo',
      text: 'sudo on db2 refused',
    });
  });
});

describe('replication', () => {
  const channel = value(hostNamed(up, 'db2').report.replication).channels[0] as ReplicationChannel;
  const alertsWith = (change: Partial<ReplicationChannel>) =>
    told(
      alertsOf(
        changed('db2', { replication: { ok: true, value: { channels: [{ ...channel, ...change }], replicas: [] } } }),
      ),
    );

  test.each<[string, Partial<ReplicationChannel>, string[]]>([
    ['30 s behind is not worth a call', { lagSeconds: 30 }, []],
    ['more is', { lagSeconds: 95 }, ['warning replicationLag: replication lags 1 min behind 10.77.0.11:3306']],
    [
      'stopped by somebody',
      { sqlThread: 'stopped' },
      ['warning replicationStopped: replication from 10.77.0.11:3306 is stopped (applier)'],
    ],
    [
      'no way to the source',
      { ioThread: 'connecting', error: "Can't connect" },
      ["critical noSource: no connection to 10.77.0.11:3306: Can't connect; replication has no source"],
    ],
    [
      'a source that blocks the replica, with how it is let in again',
      { ioThread: 'connecting', error: "1129 Host 'db2' is blocked because of many connection errors" },
      [
        "critical noSource: no connection to 10.77.0.11:3306: 1129 Host 'db2' is blocked because of many connection errors; replication has no source; unblock it on the source: FLUSH HOSTS (MariaDB), TRUNCATE TABLE performance_schema.host_cache (MySQL)",
      ],
    ],
  ])('%s', (_, change, expected) => {
    expect(alertsWith(change)).toEqual(expected);
  });
});

describe('the service', () => {
  const service = value(hostNamed(up, 'db1').report.service);
  const down: HostReport['server'] = { ok: false, why: 'the server is down' };
  const alertsWith = (change: Partial<ServiceFacts>, why: string, pid?: number) => {
    const { pid: _, ...rest } = service;
    const facts: ServiceFacts = { ...rest, ...change, ...(pid !== undefined && { pid }) };
    const server = why === '' ? down : ({ ok: false, why } as const);
    return told(alertsOf(changed('db1', { service: { ok: true, value: facts }, server })))[0];
  };

  test.each([
    [{ state: 'failed', subState: 'failed' }, '', undefined, 'critical down: mysql is down (failed, failed)'],
    [{ state: 'active', subState: 'exited' }, '', undefined, 'critical down: mysql is down (active, exited)'],
    [{ state: 'activating' }, '', 7, 'warning down: mysql is starting'],
    [{ state: 'deactivating' }, 'ERROR 2002', 7, 'warning down: mysql is stopping'],
    [
      {},
      'ERROR 1045: Access denied',
      7,
      'warning noLogin: mysql refuses the login of reseed: ERROR 1045: Access denied',
    ],
    [
      {},
      'ERROR 1040: Too many connections',
      7,
      'critical noLogin: mysql runs and does not answer: ERROR 1040: Too many connections',
    ],
    [
      {},
      "ERROR 1129: Host 'localhost' is blocked because of many connection errors",
      7,
      "warning noLogin: mysql blocks this host after too many failed connections: ERROR 1129: Host 'localhost' is blocked because of many connection errors; unblock it by its socket: FLUSH HOSTS (MariaDB), TRUNCATE TABLE performance_schema.host_cache (MySQL)",
    ],
    // A cluster manager also disables its server's unit, and the data is here.
    [{ state: 'inactive', enabled: 'disabled' }, '', undefined, 'critical down: mysql is stopped and disabled'],
  ])('%j %s', (change, why, pid, expected) => {
    expect(alertsWith(change, why, pid)).toBe(expected);
  });
});

test('folders that are no databases are no errors worth a night, though MariaDB calls them so', () => {
  const line: LogLine = {
    text: "2026-11-22 20:00:00 8 [ERROR] Invalid (old?) table or database name 'lost+found'",
    severity: 'error',
  };
  const log = value(hostNamed(up, 'db4').report.errorLog);
  const store = createFleetStore(practiceInventory(), 0);
  const event = { kind: 'report', host: 'db4', atMs: 0 } as const;
  const after = folded(store.getState(), [
    { ...event, report: { errorLog: { ok: true, value: { ...log, lines: [line] } } } },
  ]);
  expect(told(hostNamed(after, 'db4').alerts)).toEqual([]);
});

describe('what was asked and had no answer in its time', () => {
  const late = (what: string) => ({ ok: false, why: `${what} gave no answer in its time`, late: true }) as const;

  test('an error log that did not answer is an alert: corrupt data in it is unknown, and not absent', () => {
    expect(told(alertsOf(changed('db1', { errorLog: late('stat') })))).toEqual([
      'warning unanswered: error log: stat gave no answer in its time; errors and corrupt data that it reports are unknown',
    ]);
  });

  test('replication is an alert where the server answers', () => {
    expect(told(alertsOf(changed('db2', { replication: late('mysql') })))).toEqual([
      'warning unanswered: replication: mysql gave no answer in its time',
    ]);
  });

  test('by systemd, a server without a process is unknown, and not one that was never set up', () => {
    const sections = new Map([
      ['process', { status: '0', text: '', cut: false }],
      ['unit', { status: '124', text: '', cut: false }],
    ]);
    const service = readService(sections);
    expect(service).toEqual(late('systemctl'));
    const silent = changed('db6', { service, server: { ok: false, why: 'the server is down' } });
    expect(serviceState(silent)).toBe('unknown');
    expect(told(alertsOf(silent))[0]).toBe('warning unanswered: service: systemctl gave no answer in its time');
  });

  test('by a server that does not tell its replicas: it is not called alone', () => {
    const replication = { ok: true, value: { channels: [], replicas: [], replicasUnknown: 'ERROR 1227' } } as const;
    expect(
      roleOf({ remembered: { replication: replication.value } }, { isNamedSource: false, mayHaveMore: false }),
    ).toBe('unknown');
    expect(
      roleOf({ remembered: { replication: replication.value } }, { isNamedSource: true, mayHaveMore: false }),
    ).toBe('primary');
  });
});

describe('a server that systemd starts over and over', () => {
  const looping = reportOf('mysql-9.7/probe-looping');

  test('is crash-looping, with how often in what time, and why', () => {
    const picture = changed('db2', looping);
    expect(serviceState(picture)).toBe('crash-looping');
    expect(told(alertsOf(picture))[0]).toMatch(
      /^critical down: mysql is crash-looping \(\d+ restarts in \d+ s\): \[ERROR\] .*unknown variable 'not_an_option=1'/,
    );
  });

  test('has an unknown lag, as its role is, and not none', () => {
    const picture = changed('db2', { ...looping, replication: { ok: false, why: 'no connection' } });
    const column = columns.find(({ title }) => title === 'LAG');
    expect(column?.cell(picture, 0).text).toBe('?');
    const scene = { nowMs: 0, look: fullLook, jobs: new Map(), left: new Map() };
    expect(lagCell(picture, scene)).toMatchObject([{ text: '?' }]);
  });

  test('is crash-looping in the moment in which it answers, too', () => {
    const { server } = hostNamed(up, 'db2').report;
    expect(serviceState(changed('db2', { service: looping.service, ...(server && { server }) }))).toBe('crash-looping');
  });
});

describe('why a server stopped', () => {
  const log = value(hostNamed(up, 'db1').report.errorLog);
  const lastReady = log.lines.findLastIndex(({ text }) => text.includes('ready for connections'));
  const ran = log.lines.slice(0, lastReady + 1);
  const error = (text: string): LogLine => ({ text: `2026-11-22T20:00:00Z 0 [ERROR] ${text}`, severity: 'error' });
  const plain = (text: string): LogLine => ({ text });
  const reason = (...lines: LogLine[]) => reasonOfStop({ ...log, lines })?.text.replace(/.*\[ERROR\] /, '');

  test('a start that failed: the first error, from which the others follow', () => {
    const start = plain('[System] [MY-010116] /usr/sbin/mysqld (mysqld 9.7.4) starting as process 77');
    const lines = [start, error('Operating system error number 13'), error('Aborting'), plain('Shutdown complete')];
    expect(reason(...ran, ...lines)).toBe('Operating system error number 13');
  });

  test('a server that ran and crashed: its last error', () => {
    expect(reason(...ran, error('an old one'), error('mysqld got signal 11'))).toBe('mysqld got signal 11');
  });

  test('a server that was shut down in order has no reason, whatever it complained of while it ran', () => {
    expect(reason(...ran, error('an old one'), plain('[System] mysqld: Shutdown complete'))).toBeUndefined();
  });
});

describe('what the log told of replication', () => {
  const text = "2026-11-22T20:00:00Z 7 [ERROR] [MY-010529] [Repl] Failed to start replica threads for channel ''";
  const failed: LogLine = { text, severity: 'error', time: '2026-11-22T20:00:00Z' };
  const log = value(hostNamed(up, 'db2').report.errorLog);
  const alerts = (line: LogLine, channel: Partial<ReplicationChannel> = {}) => {
    const replication = value(hostNamed(up, 'db2').report.replication);
    const channels = replication.channels.map((one) => ({ ...one, ...channel }));
    const report: HostReport = {
      errorLog: { ok: true, value: { ...log, lines: [line] } },
      replication: { ok: true, value: { ...replication, channels } },
    };
    return told(alertsOf(changed('db2', report))).filter((one) => one.includes('error log: '));
  };

  test('"Failed to start replica threads" is no alert any more when replication runs again', () => {
    expect(alerts(failed)).toEqual([]);
    expect(
      alerts({ ...failed, text: '2026-11-22 20:00:00 7 [ERROR] Slave SQL: Error ..., Internal MariaDB error' }),
    ).toEqual([]);
  });

  test('stays an alert while a thread of it is stopped, or has an error', () => {
    expect(alerts(failed, { sqlThread: 'stopped' })).toHaveLength(1);
    expect(alerts(failed, { ioThread: 'connecting' })).toHaveLength(1);
    expect(alerts(failed, { error: 'Duplicate entry' })).toHaveLength(1);
  });

  test('stays an alert where it names a channel that is not there, and where it is about something else', () => {
    expect(alerts({ ...failed, text: text.replace("''", "'other'") })).toHaveLength(1);
    expect(
      alerts({ ...failed, text: '2026-11-22T20:00:00Z 7 [ERROR] [MY-011119] [Server] something else' }),
    ).toHaveLength(1);
  });
});
