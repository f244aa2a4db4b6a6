// A replica that catches up, has caught up, or never will: judged by answers of servers of the practice fleet.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { ReplicationChannel, ServerFacts } from '../../../src/host/facts.ts';
import { distanceText, judgeCatchUp, lastChecks, msToThere } from '../../../src/seed/replica/catch-up.ts';
import {
  appliedTwice,
  cannotFollow,
  hasBegun,
  originOf,
  strangersIn,
} from '../../../src/seed/replica/source/origin.ts';
import {
  type ReplicationState,
  readBeginning,
  readReplicationState,
} from '../../../src/seed/replica/source/replication-state.ts';

const told = (name: string) => readFileSync(join(import.meta.dirname, `../../fixtures/${name}.txt`), 'utf8');
function replicationState(name: string): ReplicationState {
  const read = readReplicationState(told(name));
  if (!read) throw new Error(`not read: ${name}`);
  return read;
}
const replica = replicationState('mysql-9.7/standing-replica');
const source = replicationState('mysql-9.7/standing-source');
const refused = replicationState('mysql-9.7/standing-refused');
const purged = replicationState('mysql-9.7/standing-purged');
const mariaReplica = replicationState('mariadb-10.11/standing-replica');
const mariaSource = replicationState('mariadb-10.11/standing-source');

/** The same server, but for what is named. */
function change(
  of: ReplicationState,
  server: Partial<ServerFacts>,
  channel: Partial<ReplicationChannel> = {},
): ReplicationState {
  return { ...of, server: { ...of.server, ...server }, ...(of.channel && { channel: { ...of.channel, ...channel } }) };
}
const uuid = replica.server.gtidExecuted.split(':')[0] ?? '';

describe('a server that was looked at', () => {
  test('is known as a replica, and as a source with its logs', () => {
    expect(replica).toMatchObject({
      readAll: true,
      logsReplicated: true,
      channel: { sourceHost: '10.77.0.12', ioThread: 'running', sqlThread: 'running', lagSeconds: 0 },
      server: { superReadOnly: true, vendor: 'mysql' },
    });
    expect(source).toMatchObject({ logs: ['binlog.000001'], logsReplicated: true, server: { logBin: true } });
    expect(purged).toMatchObject({ logs: ['binlog.000002'] });
    expect(mariaReplica).toMatchObject({ readAll: true, channel: { sourceHost: '10.77.0.14', ioThread: 'running' } });
    expect(mariaSource).toMatchObject({ logs: ['binlog.000001'], server: { vendor: 'mariadb', logBin: true } });
    expect(mariaSource).not.toHaveProperty('channel');
    expect(readBeginning(told('mariadb-10.11/standing-beginning'))).toBe('');
    expect(readReplicationState('')).toBeUndefined();
  });
});

describe('a replica', () => {
  const way = (
    target: ReplicationState,
    from: ReplicationState | undefined,
    forMs = 0,
    position: 'gtid' | 'file' = 'gtid',
  ) =>
    judgeCatchUp({
      ...{ vendor: target.server.vendor, position, target, ...(from && { source: from }) },
      ...{ downMs: new Map([['', forMs]]), stillMs: new Map([['', forMs]]) },
    });

  test('with a further channel is there when that runs too, and fails where that can’t go on', () => {
    if (!replica.channel) throw new Error('no channel');
    const standby = { ...replica.channel, name: 'standby' };
    const look = (
      channel: Partial<ReplicationChannel>,
      further = [{ channel: { ...standby, ...channel }, delaySeconds: 0 }],
    ) =>
      judgeCatchUp({
        ...{ vendor: 'mysql', position: 'gtid', channels: ['standby'] },
        ...{ downMs: new Map([['standby', 20_000]]), stillMs: new Map([['standby', 20_000]]) },
        target: { ...replica, further },
      });
    expect(look({})).toEqual({ kind: 'there' });
    expect(look({ ioThread: 'connecting' })).toMatchObject({
      kind: 'behind',
      note: 'channel standby: it is not running yet',
    });
    const error = { ioThread: 'stopped', errorNumber: 13_114, error: 'purged' } as const;
    expect(look(error)).toMatchObject({
      kind: 'failed',
      why: 'channel standby: it gets nothing from its source: 13114: purged',
    });
    expect(look({}, [])).toMatchObject({ kind: 'failed', why: 'channel standby is gone: it was reset by others' });
  });

  test('that is late on purpose is there when it has received all, and its lag is its delay', () => {
    const late = { ...replica, delaySeconds: 3600 };
    const received = `${source.server.gtidExecuted}`;
    const channel = { lagSeconds: 3600, gtidRetrieved: received };
    expect(way(change(late, { gtidExecuted: `${uuid}:1-9` }, channel), source)).toEqual({ kind: 'there' });
    expect(way(change(late, { gtidExecuted: `${uuid}:1-9` }, { ...channel, lagSeconds: 3700 }), source)).toMatchObject({
      kind: 'behind',
    });
    expect(
      way(change(late, { gtidExecuted: `${uuid}:1-9` }, { ...channel, gtidRetrieved: `${uuid}:1-9` }), source),
    ).toMatchObject({
      kind: 'behind',
    });
  });

  test('is there when both threads run, the lag is 0, and nothing of its source is missing', () => {
    expect(way(change(replica, { gtidExecuted: source.server.gtidExecuted }), source)).toEqual({ kind: 'there' });
    const here = change(mariaReplica, { gtidExecuted: mariaSource.server.gtidExecuted });
    expect(way(here, mariaSource)).toEqual({ kind: 'there' });
  });

  test('is behind though its lag is 0, while its source has more than it has heard of', () => {
    const behind = way(
      change(replica, { gtidExecuted: `${uuid}:1-72634` }),
      change(source, { gtidExecuted: `${uuid}:1-74238` }),
    );
    expect(behind).toEqual({ kind: 'behind', lagSeconds: 0, transactions: 1604 });
    expect(behind.kind === 'behind' && distanceText(behind)).toBe('0 s behind, 1604 transactions to go');
  });

  test("whose source can't be asked is there when it has read all that the source wrote", () => {
    expect(way(replica, undefined)).toEqual({ kind: 'there' });
    expect(way({ ...replica, readAll: false }, undefined)).toMatchObject({ kind: 'behind' });
  });

  test('that began at a place in a log is not counted by GTIDs, which it does not have', () => {
    const begun = change(replica, { gtidExecuted: `${uuid}:75883-76745` });
    expect(way(begun, source, 0, 'file')).toEqual({ kind: 'there' });
    expect(way(begun, source)).toMatchObject({ kind: 'behind' });
  });

  test('whose account is refused is not waited for', () => {
    expect(way(refused, source)).toMatchObject({
      kind: 'failed',
      why: expect.stringMatching(/^it gets nothing from its source: 1045: .*Access denied for user 'repl'/),
      advice: expect.stringContaining('name a file with another one'),
    });
  });

  test('whose source is away is waited for, but not for ever', () => {
    const away = change(refused, {}, { errorNumber: 2003, error: "Can't connect" });
    const why = "it gets nothing from its source: 2003: Can't connect";
    const behind = { kind: 'behind', lagSeconds: 0, note: "Can't connect" };
    expect(way(away, undefined, 5000)).toEqual(behind);
    expect(way(away, undefined, 59 * 60_000)).toEqual({ ...behind, waits: why });
    expect(way(away, undefined, 61 * 60_000)).toEqual({ kind: 'failed', why, advice: '' });
    // It still applies what it has received.
    const look = { vendor: 'mysql', position: 'gtid', target: away, downMs: new Map([['', 99 * 60_000]]) } as const;
    expect(judgeCatchUp({ ...look, stillMs: new Map([['', 1000]]) })).toMatchObject({ kind: 'behind', waits: why });
  });

  test('that can not apply what it got has failed, with the reason', () => {
    const error = "Duplicate entry '7'";
    const broken = change(replica, {}, { sqlThread: 'stopped', errorNumber: 1062, error, applierError: error });
    expect(way(broken, source)).toMatchObject({ why: "applying stopped with 1062: Duplicate entry '7'" });
  });

  test('whose applier a nightly backup stops for a while is waited for, and is not taken for one that is only just starting', () => {
    const stopped = change(replica, {}, { sqlThread: 'stopped' });
    const why = 'its replication was stopped by others';
    expect(way(stopped, source, 3000)).toMatchObject({ kind: 'behind', note: 'the applier is not running yet' });
    expect(way(stopped, source, 20_000)).toMatchObject({ kind: 'behind', waits: why });
    expect(way(stopped, source, 61 * 60_000)).toMatchObject({
      why,
      advice: 'seed again, and let it replicate until it has caught up',
    });
    // Its source was away when that happened.
    const away = change(refused, {}, { sqlThread: 'stopped', errorNumber: 2003, error: "Can't connect" });
    expect(way(away, source, 20_000)).toMatchObject({
      kind: 'behind',
      waits: "it gets nothing from its source: 2003: Can't connect",
    });
  });

  test('gets there at the rate at which it comes nearer, or nobody knows when', () => {
    expect(msToThere({ atMs: 0, transactions: 1000 }, { atMs: 10_000, transactions: 600 })).toBe(15_000);
    expect(msToThere({ atMs: 0, lagSeconds: 60 }, { atMs: 10_000, lagSeconds: 40 })).toBe(20_000);
    expect(msToThere({ atMs: 0, transactions: 10 }, { atMs: 10_000, transactions: 10 })).toBeUndefined();
  });
});

describe('from which coordinates a replica continues', () => {
  const coordinates = {
    lockedMs: 7,
    logFile: 'binlog.000002',
    logPosition: 158,
    gtid: `${uuid}:1-9`,
    source: { host: '10.77.0.11', port: 3306, logFile: 'binlog.000007', logPosition: 1234 },
  };

  test("is told by the snapshot: its GTIDs, its own log, or its source's", () => {
    expect(originOf(coordinates, 'gtid', 'source')).toEqual({ by: 'gtid', gtid: `${uuid}:1-9` });
    expect(originOf(coordinates, 'file', 'donor')).toEqual({ by: 'file', file: 'binlog.000002', position: 158 });
    expect(originOf(coordinates, 'file', 'source')).toEqual({ by: 'file', file: 'binlog.000007', position: 1234 });
    expect(originOf({ ...coordinates, source: null }, 'file', 'source')).toBeUndefined();
    expect(originOf(undefined, 'gtid', 'donor')).toBeUndefined();
  });

  test('is refused where the source has purged what comes after', () => {
    const look = { name: 'db2', replicationState: purged };
    expect(cannotFollow('mysql', look, { by: 'gtid', gtid: `${uuid}:1-72634` })).toMatch(
      /^db2 has purged \d+ transactions that come after gtid .*:1-72634$/,
    );
    expect(cannotFollow('mysql', look, { by: 'gtid', gtid: purged.server.gtidExecuted })).toBeUndefined();
    expect(cannotFollow('mysql', look, { by: 'file', file: 'binlog.000001', position: 4 })).toBe(
      'db2 has no log binlog.000001 any more; its oldest is binlog.000002',
    );
    const maria = { name: 'db4', replicationState: mariaSource, beginning: '0-14-5000' };
    expect(cannotFollow('mariadb', maria, { by: 'gtid', gtid: '0-14-4900' })).toBe(
      'db4 has purged 100 transactions that come after gtid 0-14-4900',
    );
    expect(cannotFollow('mariadb', maria, { by: 'gtid', gtid: '0-14-5666' })).toBeUndefined();
  });

  test('is refused where its source has transactions that are in the data and not in that position: they would be applied twice, without an error', () => {
    const gtids = { binlogState: '11-11-4,12-12-9', slaveGtid: '11-11-4' };
    const look = { name: 'db4', replicationState: { ...mariaSource, ...gtids } };
    const twice = (brought: string, gtid: string) => appliedTwice('mariadb', brought, { by: 'gtid', gtid }, look);
    expect(twice('11-11-4,12-12-1', '12-12-1')).toBe(
      'the data has 11-11-4, and db4 would send that once more: a replica would begin at 12-12-1, which is before it',
    );
    expect(twice('12-12-5', '12-12-1')).toContain('the data has 12-12-5');
    expect(twice('11-11-4,12-12-1', '11-11-4,12-12-1')).toBeUndefined();
    // No source has it: nothing comes of that domain.
    expect(twice('7-15-3,12-12-1', '12-12-1')).toBeUndefined();
    expect(twice('12-15-9,11-11-4', '12-12-1,11-11-4')).toBeUndefined();
  });

  test('is refused at a MariaDB that was promoted with RESET MASTER: all that it writes until its numbers are greater would be passed over', () => {
    const origin = { by: 'gtid', gtid: '0-13-90000000' } as const;
    expect(mariaSource.server.serverId).toBe(14);
    const at = (gtids: Partial<ReplicationState>) =>
      cannotFollow('mariadb', { name: 'db4', replicationState: { ...mariaSource, ...gtids } }, origin);
    const past = { slaveGtid: '0-13-90000000' };
    expect(at({ ...past, binlogGtid: '0-14-220' })).toMatch(
      /^db4 has 0-13-90000000 in gtid_slave_pos, .* its own log ends with 0-14-220, .*SET GLOBAL gtid_slave_pos = '0-14-220'\. /,
    );
    // Promoted as it should be, or with another domain of long ago.
    expect(at({ ...past, binlogGtid: '0-14-90000001' })).toBeUndefined();
    expect(at({ slaveGtid: '5-13-7', binlogGtid: '0-14-220' })).toBeUndefined();
    expect(at({ slaveGtid: '', binlogGtid: '0-14-220' })).toBeUndefined();
    // What it has logged as a replica is of the same writer: it filters some.
    expect(at({ ...past, binlogGtid: '0-13-89999990' })).toBeUndefined();
  });

  test('where it is not known whether the numbers of a promoted MariaDB go on, a transaction there tells it; none of its positions is to be changed', () => {
    const origin = { by: 'gtid', gtid: '0-13-1000' } as const;
    const idle = { ...mariaSource, slaveGtid: '0-13-1000', binlogGtid: '' };
    const why = cannotFollow('mariadb', { name: 'db4', replicationState: idle }, origin);
    expect(why).toMatch(/has logged nothing since: .* write one there, and plan again$/);
    expect(why).not.toContain('SET GLOBAL');
    const { channel } = mariaReplica;
    if (!channel) throw new Error('no replica');
    const stopped = { ...idle, channel: { ...channel, sqlThread: 'stopped' as const } };
    const of = (replicationState: ReplicationState) =>
      cannotFollow('mariadb', { name: 'db4', replicationState }, origin);
    // A replica that was seeded a moment ago; and one that works, whose log may be the shorter one.
    expect(of(stopped)).toBeUndefined();
    expect(of({ ...idle, binlogGtid: '0-14-999', channel })).toBeUndefined();
    expect(of({ ...stopped, binlogGtid: '0-14-2' })).toMatch(/RESET SLAVE ALL/);
    expect(of({ ...stopped, binlogGtid: '0-14-2' })).not.toContain('SET GLOBAL');
  });

  test('is refused of a source that writes no log, or leaves out of it what it replicates', () => {
    const origin = { by: 'gtid', gtid: '' } as const;
    expect(cannotFollow('mysql', { name: 'db2', replicationState: change(source, { logBin: false }) }, origin)).toBe(
      'db2 writes no binary log: no host can replicate from it',
    );
    const silent = { ...source, logsReplicated: false };
    expect(cannotFollow('mysql', { name: 'db2', replicationState: silent }, origin)).toContain('log_replica_updates');
  });

  test('says which transactions of the data its source never had', () => {
    expect(strangersIn('mysql', `${source.server.gtidExecuted},${uuid.replace('0', '1')}:1-2`, source)).toBe(
      `${uuid.replace('0', '1')}:1-2`,
    );
  });

  test('says what a MariaDB wrote itself, by the writers and numbers that its source does not know', () => {
    const known = { ...mariaSource, binlogState: '0-14-6400,0-13-20,1-14-5' };
    const strangers = (gtid: string) => strangersIn('mariadb', gtid, known);
    expect(strangers('0-14-6300,0-13-20,1-14-5')).toBe('');
    // Its own server_id, a domain of its own, and numbers beyond the source's.
    expect(strangers('0-14-6300,0-15-6301,7-15-2,1-14-9')).toBe('0-15-6301,7-15-2,1-14-9');
  });

  test('is not gone back to once the replica has moved on, and harmless to go back to while it has not', () => {
    const from = { host: '10.77.0.12', port: 3306 };
    const stopped = change(replica, {}, { ioThread: 'stopped', sqlThread: 'stopped' });
    expect(hasBegun(replica, from, { by: 'gtid', gtid: replica.server.gtidExecuted })).toBe(true);
    expect(hasBegun(stopped, from, { by: 'gtid', gtid: `${uuid}:1-5` })).toBe(true);
    expect(hasBegun(stopped, from, { by: 'gtid', gtid: replica.server.gtidExecuted })).toBe(false);
    expect(hasBegun(replica, { host: '10.77.0.11', port: 3306 }, { by: 'gtid', gtid: '' })).toBe(false);
  });

  test('has not begun where its GTIDs lack some of those that its data has', () => {
    const [mysql, mariadb] = [
      { host: '10.77.0.12', port: 3306 },
      { host: '10.77.0.14', port: 3306 },
    ];
    const threads = { ioThread: 'stopped', sqlThread: 'stopped' } as const;
    const has = (gtidExecuted: string) => change(replica, { gtidExecuted }, threads);
    const origin = { by: 'gtid', gtid: `${uuid}:1-100` } as const;
    // MySQL before 8.0.17 writes mysql.gtid_executed when its log is rotated.
    expect(hasBegun(has(`${uuid}:1-90`), mysql, origin)).toBe(false);
    expect(hasBegun(has(`${uuid}:1-90,${uuid.replace('0', '1')}:1`), mysql, origin)).toBe(false);
    expect(hasBegun(has(`${uuid}:1-101`), mysql, origin)).toBe(true);
    const stands = (gtidExecuted: string) => change(mariaReplica, { gtidExecuted }, threads);
    const position = { by: 'gtid', gtid: '0-14-50,1-13-4' } as const;
    expect(hasBegun(stands('0-14-49,1-13-4'), mariadb, position)).toBe(false);
    expect(hasBegun(stands('0-14-60'), mariadb, position)).toBe(false);
    expect(hasBegun(stands('0-14-50,1-13-4'), mariadb, position)).toBe(false);
    expect(hasBegun(stands('0-14-50,1-13-5'), mariadb, position)).toBe(true);
  });

  test('by file has not begun where its donor had only read further in the log, and not applied it', () => {
    const from = { host: '10.77.0.12', port: 3306 };
    const threads = { ioThread: 'stopped', sqlThread: 'stopped', sourceLogFile: 'binlog.000043' } as const;
    const at = (file: string, position: number) => ({
      ...change(replica, {}, { ...threads, execSourceLogPosition: position }),
      applied: { file, position },
    });
    const origin = { by: 'file', file: 'binlog.000042', position: 9012 } as const;
    expect(hasBegun(at('binlog.000042', 9012), from, origin)).toBe(false);
    expect(hasBegun(at('binlog.000041', 99_999), from, origin)).toBe(false);
    expect(hasBegun(at('binlog.000042', 9013), from, origin)).toBe(true);
    expect(hasBegun(at('binlog.000043', 4), from, origin)).toBe(true);
    const wrapped = { ...origin, file: 'binlog.999999' };
    expect(hasBegun(at('binlog.1000000', 4), from, wrapped)).toBe(true);
    expect(hasBegun(at('binlog.999999', 9012), from, { ...origin, file: 'binlog.1000000' })).toBe(false);
  });
});

describe('a replica that has caught up', () => {
  const look = { vendor: 'mysql', position: 'gtid', target: replica, source, brought: '', donorUuid: '' } as const;

  test('is as it was wanted', () => {
    const known = change(source, { gtidExecuted: replica.server.gtidExecuted });
    expect(lastChecks({ ...look, source: known })).toEqual([]);
    const scheduled = { ...look, source: known, target: { ...look.target, eventScheduler: 'ON' } };
    expect(lastChecks(scheduled)).toEqual([]);
    expect(lastChecks({ ...scheduled, eventsOff: true })).toEqual([
      expect.stringContaining('its event scheduler was switched on'),
    ]);
    expect(lastChecks({ ...look, vendor: 'mariadb', target: mariaReplica, source: mariaSource })).toEqual([]);
  });

  test('of a MariaDB that has written a transaction of its own since it was attached is not done', () => {
    const id = mariaReplica.server.serverId;
    const target = { ...mariaReplica, binlogState: `0-14-2983,0-${id}-2984` };
    const ofMaria = { ...look, vendor: 'mariadb', target } as const;
    const errant = [`it has transactions that its source does not: up to 0-${id}-2984`];
    expect(lastChecks({ ...ofMaria, source: { ...mariaSource, binlogState: `0-14-2983,0-${id}-2983` } })).toEqual(
      errant,
    );
    // It was the primary before: its source has these.
    expect(lastChecks({ ...ofMaria, source: { ...mariaSource, binlogState: `0-${id}-2984` } })).toEqual([]);
    // And where its source does not log what it replicates.
    expect(lastChecks({ ...ofMaria, source: { ...mariaSource, slaveGtid: `0-${id}-2984` } })).toEqual([]);
  });

  test('is reported with what is wrong with it', () => {
    const own = replica.server.serverUuid ?? '';
    const wrong = change(replica, {
      superReadOnly: false,
      gtidExecuted: `${source.server.gtidExecuted},${own}:1-2`,
      serverId: source.server.serverId,
    });
    expect(lastChecks({ ...look, target: wrong, donorUuid: own })).toEqual([
      'it takes writes: read_only is off',
      'it has the uuid of the donor (auto.cnf)',
      `it has the server_id of its source: ${source.server.serverId}`,
      `it has transactions that its source does not: ${own}:1-2`,
    ]);
    const { source: _, ...alone } = look;
    expect(lastChecks({ ...alone, target: wrong }).at(-1)).toContain(`${own}:1-2`);
  });
});
