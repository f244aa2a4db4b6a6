// Whether a source still has what comes after the data: reported in the preflight, with answers of servers of the
// practice fleet.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type AskedSources, sourceChecks } from '../../src/seed/preflight/replication/source-checks.ts';
import { type ReplicationState, readReplicationState } from '../../src/seed/replica/source/replication-state.ts';
import type { SeedRequest } from '../../src/seed/request.ts';
import { request, side } from './sides.ts';

function told(name: string): ReplicationState {
  const replicationState = readReplicationState(
    readFileSync(join(import.meta.dirname, `../fixtures/${name}.txt`), 'utf8'),
  );
  if (!replicationState) throw new Error(`${name} tells nothing`);
  return replicationState;
}
const primary = told('mysql-9.7/standing-source');
const purged = told('mysql-9.7/standing-purged');
const replica = told('mysql-9.7/standing-replica');

const target = side('db3');
/** db2 is a replica of db1, whom db3 is to follow. */
const check = (asked: AskedSources, more: Partial<SeedRequest> = {}) =>
  sourceChecks(request(side('db2'), [target], { asked, ...more }), target);
const source = (replicationState: ReplicationState): AskedSources['sources'] => ({
  db1: { name: 'db1', replicationState },
});

describe('the source of a target', () => {
  test('that has all that comes after the donor’s data passes', () => {
    expect(check({ donor: replica, sources: source(primary) })).toEqual([
      expect.objectContaining({
        host: 'db3',
        level: 'pass',
        text: expect.stringMatching(/^db1 still has what comes after gtid /),
      }),
    ]);
  });

  test('that has purged the logs which the snapshot needs is refused before the copy, and not after it', () => {
    const gtid = primary.server.gtidExecuted.replace(/:1-\d+/, ':1-3');
    const coordinates = { lockedMs: 7, logFile: 'binlog.000001', logPosition: 9, gtid, source: null };
    expect(check({ coordinates, sources: source(purged) })).toEqual([
      expect.objectContaining({
        level: 'refuse',
        text: expect.stringMatching(/^db1 has purged \d+ transactions that come after gtid/),
      }),
    ]);
  });

  test('without GTIDs is asked for the log by its name', () => {
    const server = side('db2').report.server;
    if (!server?.ok) throw new Error('db2 was down');
    const donor = side('db2', {}, { server: { ok: true, value: { ...server.value, gtid: false } } });
    const asked = (file: string): AskedSources => ({
      donor: { ...replica, applied: { file, position: 4 } },
      sources: source({ ...primary, logs: ['binlog.000007', 'binlog.000008'] }),
    });
    const check = (file: string) => sourceChecks(request(donor, [target], { asked: asked(file) }), target);
    expect(check('binlog.000007')).toMatchObject([{ level: 'pass' }]);
    expect(check('binlog.000006')).toMatchObject([
      { level: 'refuse', text: 'db1 has no log binlog.000006 any more; its oldest is binlog.000007' },
    ]);
  });

  test('without GTIDs, of a donor that gives them to what it replicates, is refused: the seed failed after the swap', () => {
    const of = (gtidMode: string) =>
      check({
        donor: replica,
        sources: source({ ...primary, server: { ...primary.server, gtid: false, gtidMode, gtidExecuted: '' } }),
      });
    expect(of('OFF')).toMatchObject([
      {
        level: 'refuse',
        text: "db1 gives its transactions no GTIDs (gtid_mode = OFF): a replica that begins by GTID can't follow it",
        advice: '--follow donor, or name another donor',
      },
    ]);
    expect(of('ON_PERMISSIVE')).toMatchObject([{ level: 'pass' }]);
  });

  test('that writes no binary log, or not what it replicates, is refused', () => {
    const silent = { ...primary, server: { ...primary.server, logBin: false } };
    expect(check({ donor: replica, sources: source(silent) })).toMatchObject([
      { level: 'refuse', text: 'db1 writes no binary log: no host can replicate from it' },
    ]);
  });

  test('that can’t be asked is not said to have it', () => {
    expect(check({ donor: replica, sources: { db1: 'it timed out' } })).toMatchObject([
      { level: 'warn', text: 'whether db1 still has what comes after the data is not known: it timed out' },
    ]);
    expect(check({ sources: source(primary) })).toMatchObject([{ level: 'warn' }]);
  });
});

describe('a donor that was the primary, and has a domain of its own', () => {
  const program = 'mariadbd  Ver 10.11.19-MariaDB for debian-linux-gnu on x86_64';
  const [donor, seeded] = [side('db2', { program }), side('db3', { program })];
  const old = told('mariadb-10.11/standing-replica');
  const state = { ...old, ownGtid: '15-15-4,14-14-1', slaveGtid: '14-14-1', binlogState: '15-15-4,14-14-1' };
  const from = {
    ...told('mariadb-10.11/standing-source'),
    binlogState: '14-14-9,15-15-4',
    slaveGtid: '15-15-4',
    binlogGtid: '14-14-9,15-15-4',
  };
  const said = (using: 'current' | 'slave', more: Partial<AskedSources> = {}) => {
    if (!state.channel) throw new Error('it is no replica');
    const channel = { ...state.channel, ...(using === 'current' && { byCurrentPos: true as const }) };
    const asked = { donor: { ...state, channel }, sources: source(from), ...more };
    return sourceChecks(request(donor, [seeded], { asked }), seeded);
  };

  test('and replicates by gtid_slave_pos, is refused before the copy: its source would send what it wrote once more', () => {
    expect(said('slave')).toMatchObject([
      {
        level: 'refuse',
        text: 'the data has 15-15-4, and db1 would send that once more: a replica would begin at 14-14-1, which is before it',
        advice:
          "on the donor, if its data has all up to there: STOP SLAVE; SET GLOBAL gtid_slave_pos = '15-15-4,14-14-1'; START SLAVE; or --follow donor",
      },
    ]);
    expect(said('current')).toMatchObject([{ level: 'pass' }]);
  });

  test('and a snapshot of it from that time, is refused', () => {
    const stands = { lockedMs: 7, logFile: 'binlog.000001', logPosition: 9, gtid: '15-15-4,14-14-1' };
    const coordinates = { ...stands, source: { logFile: '', logPosition: 0, gtid: '14-14-1' } };
    expect(said('slave', { coordinates })).toMatchObject([{ level: 'refuse' }]);
  });
});

test('a replica tells how far it has applied the log of its source', () => {
  expect(told('mysql-9.7/standing-replica').applied).toEqual({
    file: expect.stringMatching(/^binlog\.\d+$/),
    position: expect.any(Number),
  });
});
