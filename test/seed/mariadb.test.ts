// What is MariaDB's own in a seed: versions, logs that stay behind, replication by file and position.

import { describe, expect, test } from 'vitest';
import type { ReplicationChannel } from '../../src/host/facts.ts';
import { draftOf } from '../../src/operations/plans/draft.ts';
import type { SeedFacts } from '../../src/seed/facts.ts';
import { coldCopy } from '../../src/seed/methods/cold-copy/cold-copy.ts';
import { holdDonor } from '../../src/seed/methods/cold-copy/hold-donor.ts';
import { byMysqldump } from '../../src/seed/methods/dump/dump.ts';
import { lvmSnapshot } from '../../src/seed/methods/lvm-snapshot/lvm-snapshot.ts';
import { preflight } from '../../src/seed/preflight/preflight.ts';
import { originOf } from '../../src/seed/replica/source/origin.ts';
import type { SeedRequest, Side } from '../../src/seed/request.ts';
import { readCoordinates } from '../../src/snapshot/coordinates.ts';
import { printed, stepTools } from '../job/step-tools.ts';
import { practiceInventory, recorded } from '../live/pictures.ts';
import { factsOf, request, side } from './sides.ts';

const program = (version: string) => `mariadbd  Ver ${version}-MariaDB for debian-linux-gnu on x86_64`;

/** db4 and db5 as they were recorded, with the facts of a MariaDB; `log`: the path of its binary logs, none: ''. */
function mariadb(name: 'db4' | 'db5', facts: Partial<SeedFacts> = {}, log = '/var/lib/mysql/binlog'): Side {
  const host = practiceInventory().hosts.find((one) => one.name === name);
  const report = recorded('up').reports.get(name);
  if (!host || !report) throw new Error(`nothing recorded of ${name}`);
  const known = factsOf(name === 'db4' ? 'db1' : 'db2');
  const places = known.places.filter(({ kind }) => !kind.startsWith('binlog'));
  return {
    host,
    report,
    facts: {
      ...known,
      datadir: '/var/lib/mysql',
      machine: name,
      program: program('10.11.19'),
      variables: { server_id: name === 'db4' ? '14' : '15', port: '3306' },
      places: log === '' ? places : [...places, { kind: 'binlog', path: log }],
      ...facts,
    },
  };
}

function down(one: Side): Side {
  const { service } = one.report;
  if (!service?.ok) throw new Error('no unit recorded');
  const report = { ...one.report, service: { ok: true as const, value: { ...service.value, state: 'inactive' } } };
  return { ...one, report: { ...report, server: { ok: false, why: 'ERROR 2002' } } };
}

const said = (donor: Side, target: Side, more: Partial<SeedRequest> = {}) =>
  preflight(request(donor, [target], more)).map(
    ({ level, host, text, advice }) => `${level} ${host}: ${text}; ${advice}`,
  );
const about = (all: readonly string[], words: string) => all.filter((one) => one.includes(words));

describe('a busy MariaDB', () => {
  const report = { seconds: 4200, who: 'report@10.0.0.7', words: 'SELECT * FROM shop.orders' };
  const waits = (version: string, more: Partial<SeedRequest> = {}) => {
    const donor = mariadb('db4', { statement: report });
    const { server } = donor.report;
    if (!server?.ok) throw new Error('it was down');
    const older = { ...donor.report, server: { ok: true as const, value: { ...server.value, version } } };
    return about(said({ ...donor, report: older }, mariadb('db5'), more), 'the lock ').concat(
      about(said({ ...donor, report: older }, mariadb('db5'), more), 'the most that the lock waits for'),
    );
  };

  test('was refused as a donor for a long report, though the lock of BACKUP STAGE waits for no query', () => {
    for (const method of [lvmSnapshot, byMysqldump])
      expect(waits('10.11.19', { method })[0]).toMatch(
        /^pass db4: the lock \(BACKUP STAGE\) waits for no query: for a change of a table, .*, 5 s at most/,
      );
    expect(waits('10.11.19')).toHaveLength(1);
    expect(waits('10.3.39')[0]).toMatch(/^refuse db4: a statement of report@10.0.0.7 runs for 4200 s/);
  });

  test('has a plan of a snapshot that does not advise to end it', () => {
    const { host, report: own } = mariadb('db4');
    const { server } = own;
    if (!server?.ok) throw new Error('it was down');
    const busy = { ...own, server: { ok: true as const, value: { ...server.value, longestStatementSeconds: 41_000 } } };
    const target = { name: host.name, host: host.name, transport: 'auto', sudo: false } as const;
    const author = { key: 'beef', who: { account: 'ops', jumpHost: 'jump1' }, nowMs: 0 };
    const texts = draftOf({ verb: 'snapshot' }, { host, report: busy, target }, author, []).checks?.map(
      ({ text }) => text,
    );
    expect(texts?.join('\n')).toContain('the lock (BACKUP STAGE) waits for no query');
    expect(texts?.join('\n')).not.toContain('41000 s');
  });
});

describe('a MariaDB newer than its donor', () => {
  const seeded = (given: string, taken: string, method = lvmSnapshot) =>
    about(
      said(mariadb('db4', { program: program(given) }), mariadb('db5', { program: program(taken) }), { method }),
      'MariaDB 1',
    );

  test('is not said to upgrade the tables of mysql by itself', () => {
    expect(seeded('10.11.19', '11.8.9')).toEqual([
      "warn db5: MariaDB 11.8.9 is newer than the donor's MariaDB 10.11.19: it starts on its data, and does not upgrade the tables of mysql; after the seed, on db5: mariadb-upgrade (Debian's unit runs it when it starts)",
    ]);
    expect(seeded('10.11.2', '10.11.19')[0]).toMatch(
      /^warn db5: MariaDB 10.11.19 is newer than the donor's MariaDB 10.11.2; /,
    );
  });

  test('whose redo log has another format is refused a snapshot, and may have the files of a server that ended by itself', () => {
    expect(seeded('10.6.18', '10.11.19')[0]).toMatch(
      /^refuse db5: MariaDB 10.11.19 can't recover the redo log of MariaDB 10.6.18: its format changed in 10.8,.*--stopped/,
    );
    expect(seeded('10.6.18', '10.11.19', coldCopy)[0]).toMatch(/^warn/);
  });
});

describe('the files of a MariaDB that is down, for a target that does not get its binary log', () => {
  const seeded = (logEnd?: SeedFacts['logEnd'], log = '') =>
    about(
      said(down(mariadb('db4', logEnd && { logEnd })), mariadb('db5', {}, log), { method: coldCopy, follow: 'donor' }),
      'binary log: on',
    );

  test('go along with the GTIDs that its log ends with, or the transactions that it wrote itself would be applied twice', () => {
    expect(seeded({ state: 'closed', gtid: '0-14-15597' })).toEqual([
      'pass db5: binary log: on on db4, off here; it ends at 0-14-15597; ',
    ]);
    for (const log of ['', '/var/log/mysql-bin/binlog', '/var/lib/mysql/other']) {
      expect(seeded({ state: 'closed', gtid: '' }, log)[0]).toMatch(
        /^refuse db5: .*up to which GTID its data goes is not known without it; start db4 and stop it again/,
      );
      expect(seeded(undefined, log)[0]).toMatch(/^refuse/);
    }
    expect(seeded(undefined, '/var/lib/mysql/binlog')[0]).toMatch(/^pass/);
  });

  test('that its server did not close are refused: what was prepared in its engines, only this log decides', () => {
    expect(seeded({ state: 'open' })[0]).toMatch(/^refuse db5: .*did not close it \(it crashed, or was killed\)/);
  });
});

test('what the hold of a stopped donor refuses, the checks refuse before, with what helps', () => {
  const { donor, target, more } = stoppedMysql();
  const seeded = (logEnd?: SeedFacts['logEnd']) =>
    about(said(logEnd ? { ...donor, facts: { ...donor.facts, logEnd } } : donor, target, more), 'binary log: on')[0];
  expect(seeded({ state: 'closed', gtid: '' })).toMatch(/^pass/);
  expect(seeded({ state: 'encrypted' })).toMatch(/^refuse .*it is encrypted; copy a snapshot of db1 while it runs$/);
  expect(seeded({ state: 'none' })).toMatch(/^refuse .*no log in its place; start db1 and stop it again, or/);
  expect(seeded({ state: 'unread', what: 'their folder' })).toMatch(/^refuse .*their folder could not be read/);
  expect(seeded()).toMatch(/^refuse .*is not known/);
});

function stoppedMysql() {
  const [donor, target] = [down(side('db1')), side('db2')];
  const withLog = (one: Side, path: string): Side => {
    const places = one.facts.places.filter(({ kind }) => !kind.startsWith('binlog'));
    return { ...one, facts: { ...one.facts, places: path === '' ? places : [...places, { kind: 'binlog', path }] } };
  };
  const more = { method: coldCopy, follow: 'donor' } as const;
  return { donor: withLog(donor, `${donor.facts.datadir}/binlog`), target: withLog(target, ''), more };
}

test('a stopped MariaDB without a known GTID ends the job: the coordinates in its data may be years old', async () => {
  const held = async (stdout: string, needsGtid = true) => {
    const commands = { run: { host: 'db2', script: 'seed-still' as const, args: [], deadlineMs: 1000 } };
    const { tools } = stepTools({ commands, input: { needsGtid }, answer: () => printed(stdout) });
    return await holdDonor.run(tools);
  };
  expect(await held('gtid \n')).toMatchObject({ ok: false, message: expect.stringContaining('db2 goes is not known') });
  expect(await held('gtid 0-14-9\n')).toMatchObject({ ok: true, result: { gtid: '0-14-9' } });
  expect(await held('', false)).toEqual({ ok: true });
});

describe('a donor that replicates by file and position (Using_Gtid: No)', () => {
  function replica(change: Partial<ReplicationChannel>): Side {
    const one = mariadb('db5');
    const { replication } = one.report;
    const [channel] = replication?.ok ? replication.value.channels : [];
    if (!replication?.ok || !channel) throw new Error('no channel recorded');
    const value = { ...replication.value, channels: [{ ...channel, ...change }] };
    return { ...one, report: { ...one.report, replication: { ok: true, value } } };
  }
  // It is another host than db4, which db5 follows.
  const target = { ...mariadb('db4'), host: { ...mariadb('db4').host, name: 'db9', ssh: { host: '10.77.0.19' } } };
  const seeded = (donor: Side, more: Partial<SeedRequest> = {}) =>
    about(said(donor, target as Side, { follow: 'source', ...more }), 'Using_Gtid');

  test('is refused, and told the statement that makes it possible', () => {
    expect(seeded(replica({ autoPosition: true }))).toEqual([]);
    expect(seeded(replica({ autoPosition: false }))).toEqual([
      'refuse db9: db5 replicates by file and position (Using_Gtid: No): whether its gtid_slave_pos is that of its data is not known; on db5: STOP SLAVE; CHANGE MASTER TO MASTER_USE_GTID = slave_pos; START SLAVE; or --follow donor',
    ]);
    expect(seeded(replica({ autoPosition: false }), { follow: 'donor' })).toEqual([]);
  });
});

describe('the coordinates of a MariaDB replica', () => {
  const row = (using: string) =>
    `*** 1. row ***\n Connection_name: \n Master_Host: a\n Master_Port: 3306\n Slave_SQL_Running: Yes\n Using_Gtid: ${using}\n`;
  const told = (using: string) =>
    readCoordinates(
      `locked_ms 7\n*** 1. row ***\ngtid_binlog_pos: 0-15-501\ngtid_slave_pos: 0-14-450,3-14-7\n${row(using)}`,
    );
  const origin = (using: string, follow: 'donor' | 'source') => {
    const coordinates = told(using);
    return coordinates && originOf(coordinates, 'gtid', follow);
  };

  test('at its source are those of what it replicated, and not what it wrote itself, which no source has', () => {
    expect(told('Slave_Pos')).toMatchObject({ gtid: '0-15-501,3-14-7', slaveGtid: '0-14-450,3-14-7' });
    expect(origin('Slave_Pos', 'source')).toEqual({ by: 'gtid', gtid: '0-14-450,3-14-7' });
    expect(origin('Slave_Pos', 'donor')).toEqual({ by: 'gtid', gtid: '0-15-501,3-14-7' });
    expect(origin('Current_Pos', 'source')).toEqual({ by: 'gtid', gtid: '0-15-501,3-14-7' });
  });

  test('by file and position are not known by GTID', () => {
    expect(origin('No', 'source')).toBeUndefined();
    expect(origin('No', 'donor')).toEqual({ by: 'gtid', gtid: '0-15-501,3-14-7' });
  });
});
