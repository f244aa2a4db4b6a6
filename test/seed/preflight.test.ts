// The checks of a seed before it begins, with reports of practice hosts.

import { describe, expect, test } from 'vitest';
import { roleWords } from '../../src/fleet/topology/role-words.ts';
import type { ReplicationChannel } from '../../src/host/facts.ts';
import { present } from '../../src/host/known.ts';
import { readSeedFacts, type SeedFacts, type SessionTempTables } from '../../src/seed/facts.ts';
import { coldCopy } from '../../src/seed/methods/cold-copy/cold-copy.ts';
import { lvmSnapshot } from '../../src/seed/methods/lvm-snapshot/lvm-snapshot.ts';
import { unprovedSentences } from '../../src/seed/preflight/data/keyring-checks.ts';
import { untoldSentences } from '../../src/seed/preflight/data/whole-checks.ts';
import { isRefused, preflight } from '../../src/seed/preflight/preflight.ts';
import { applierTableSentences } from '../../src/seed/preflight/replication/applier-table-checks.ts';
import { channelChecks } from '../../src/seed/preflight/replication/donor-channels.ts';
import { sessionTableSentences, sessionTablesOf } from '../../src/seed/preflight/replication/temp-table-checks.ts';
import { spaceFor } from '../../src/seed/preflight/room.ts';
import type { SeedRequest, Side } from '../../src/seed/request.ts';
import { impactOfStop } from '../../src/service/impact.ts';
import { factsOf, request, side, stopped } from './sides.ts';

const findings = (level: string, ...args: Parameters<typeof request>) =>
  preflight(request(...args))
    .filter((finding) => finding.level === level)
    .map(({ host, text }) => `${host}: ${text}`);

/** A host whose login sees every session: no statement runs there. */
function seeing(name: string, longestStatementSeconds = 0) {
  const { server } = side(name).report;
  if (!server?.ok) throw new Error(`${name} did not answer`);
  return side(name, {}, { server: { ok: true, value: { ...server.value, longestStatementSeconds } } });
}

describe('a seed from a healthy replica', () => {
  test('passes every check, each with its figure', () => {
    const all = preflight(request(seeing('db2'), [seeing('db3'), side('db6')]));
    expect(isRefused(all)).toBe(false);
    const texts = all.map(({ host, text }) => `${host}: ${text}`);
    expect(texts).toContain('db2: lag 0 s, 600 s at most');
    expect(texts.join('\n')).toMatch(/db2: room for the snapshot: vg0 has [\d.]+G free, the snapshot needs \d+M/);
    expect(texts).toContain('db2: the longest statement runs for 0 s, 30 s at most');
    expect(texts).toContain('db2: the datadir is whole: nothing of it lies elsewhere, 8 tablespaces');
    expect(texts).toContain('db3: port 21000 is free, of 21000 to 21099');
    expect(texts.join('\n')).toMatch(/db3: room for new data beside the old: [\d.]+G free, \d+M needed/);
    expect(texts).toContain('db6: MySQL 9.7.4, as the donor');
    expect(texts).toContain('db6: its server is down: it has no clients');
    expect(texts).toContain('db3: all that its server keeps lies in /srv/mysql/data');
    expect(texts).toContain('db3: will replicate from db1, by GTID, as the account of db2');
  });
});

describe('an unknown fact is a finding of its own, and no check that passed', () => {
  test('for a login that sees only its own session: the longest statement, and the logged-in clients', () => {
    expect(findings('unknown', side('db2'), [side('db3')])).toEqual([
      'db2: the longest statement that runs: unknown; the lock waits for 30 s at most',
      'db3: whether db6 replicates from db3 is unknown: its server does not answer',
      'db3: who is logged in: unknown, the login of reseed does not see all sessions',
    ]);
  });

  test('a target whose unit is not enabled is told: after a power cut its server does not come back', () => {
    const of = (enabled: string) => {
      const { service } = side('db3').report;
      if (!service?.ok) throw new Error('no unit recorded');
      const told = { ...service.value, enabled };
      return findings('warn', side('db2'), [side('db3', {}, { service: { ok: true, value: told } })]).join('\n');
    };
    expect(of('disabled')).toContain(
      'db3: its unit mysql is not started with its host (disabled): after a power cut its server does not come back by itself',
    );
    for (const enabled of ['enabled', 'static', 'generated', '']) expect(of(enabled)).not.toContain('with its host');
  });

  test('and what was asked just before the lock tells of a statement: one that was over by then is none', () => {
    expect(findings('pass', seeing('db2', 1955), [seeing('db3')])).toContain(
      'db2: the longest statement runs for 0 s, 30 s at most',
    );
  });

  test("a host of the cluster that did not answer has a server_id that may be the target's: said once, and nothing else of it", () => {
    const given = request(seeing('db2'), [seeing('db3'), side('db6')]);
    const silent = { ...side('db6').host, name: 'db9' };
    const late = { ok: false, why: 'no answer within 5 s', late: true } as const;
    const others = [...given.others, { host: silent, report: {} }];
    const told = (some: typeof others) =>
      preflight({ ...given, others: some }).filter(({ text }) => text.includes('db9'));
    expect(told(others)).toEqual([
      {
        host: 'db9',
        level: 'unknown',
        text: 'the server_id of db9 is not known: no answer in time; nor whether it replicates from a target',
        advice: 'see that no target has the same, or is its source',
      },
    ]);
    expect(told([...given.others, { host: silent, report: { server: late } }])).toHaveLength(1);
    const away = 'cannot connect to db9: no route to the host';
    expect(told([...given.others, { host: silent, report: {}, away }])).toMatchObject([
      { level: 'unknown', text: `the server_id of db9 is not known: ${away}; nor whether it replicates from a target` },
    ]);
    expect(told([...given.others, { host: silent, report: side('db6').report }])).toMatchObject([
      { level: 'unknown', text: 'whether db9 replicates from a target is unknown: its server does not answer' },
    ]);
    expect(told([...given.others, { host: { ...silent, cluster: 'crm' }, report: {} }])).toEqual([]);
  });

  test("a trial of the job's sshd that was not over in time refuses nothing", () => {
    const listener = { state: 'unknown', why: 'the trial took more than 20 s' } as const;
    expect(findings('unknown', seeing('db2'), [side('db3', { listener })])).toContain(
      "db3: whether the job's sshd would let db2 in: unknown, the trial took more than 20 s",
    );
    expect(isRefused(preflight(request(seeing('db2'), [side('db3', { listener })])))).toBe(false);
    expect(findings('unknown', seeing('db2'), [side('db3', { listener })], { channel: 'tls' }).join()).not.toMatch(
      /sshd/,
    );
  });

  test('where the logs of a server lie that did not say what it reads: it has not "no place"', () => {
    const own = side('db2', { places: placesOf('db2', { binlog: '/var/lib/mysql/binlogs/binlog' }) });
    const untold = side('db3', { places: [], unread: 'mysqld did not say within 40 s what it reads' });
    expect(findings('unknown', own, [untold])).toContain(
      'db3: whether binary logs lie as on db2: unknown, db3 did not say where it keeps them',
    );
    expect(findings('unknown', untold, [own])).toContain(
      'db2: whether binary logs lie as on db3: unknown, db3 did not say where it keeps them',
    );
    expect(findings('refuse', own, [untold]).join()).not.toMatch(/binary logs/);
    const without = side('db3', { places: side('db3').facts.places.filter(({ kind }) => !kind.startsWith('binlog')) });
    expect(findings('refuse', own, [without]).join()).toMatch(
      /binary logs: none here, in the folder binlogs of the datadir on db2/,
    );
  });

  test('a datadir that could not be looked through in time has not no strangers, no links and no age', () => {
    const { changedSeconds: _, ...down } = factsOf('down');
    const donor = { ...side('db2', { unseen: ['links'] }), report: side('db2').report };
    const target = side('db3', { unseen: ['strange'] });
    expect(findings('refuse', donor, [target]).join('\n')).toMatch(
      /^db2: whether links lead out of the datadir: unknown.*\ndb3: whether files that are not the server's lie in \/srv\/mysql\/data: unknown/,
    );
    const still = { ...side('db2'), facts: { ...down, unseen: ['changed_seconds'] } };
    const told = preflight(request(still, [side('db3')], { method: coldCopy })).map(({ text }) => text);
    expect(told.join()).not.toMatch(/there is no data/);
    const { dataBytes: __, ...uncounted } = side('db3', { freeBytes: 1, unseen: ['data_bytes'] }).facts;
    const full = { ...side('db3'), facts: uncounted };
    expect(findings('refuse', side('db2'), [full])).toContain(
      'db3: the room on db3 is not known: the old data of db3 could not be counted',
    );
  });

  test('a question that its server did not answer in time: none told is not none there', () => {
    const unanswered = ['writers', 'statement', 'foreign_engine'];
    const donor = { ...seeing('db2'), facts: { ...side('db2').facts, unanswered } };
    const target = { ...seeing('db3'), facts: { ...side('db3').facts, unanswered } };
    expect(findings('unknown', donor, [target])).toEqual([
      'db2: the longest statement that runs: unknown; the lock waits for 30 s at most; its server did not tell in time',
      "db2: tables that are not InnoDB's (a copy has no rows of MEMORY tables): unknown, its server did not tell in time",
      'db3: whether db6 replicates from db3 is unknown: its server does not answer',
      'db3: who is logged in: unknown, its server did not tell in time',
    ]);
  });

  test('how much data there is', () => {
    const { dataBytes: _, ...facts } = factsOf('db2');
    const donor = { ...seeing('db2'), facts };
    expect(findings('unknown', donor, [seeing('db3')])).toContain(
      'db2: data: how much is unknown, /var/lib/mysql has more than could be counted',
    );
  });

  test('a target that does not tell its replicas is refused: they may lose their source', () => {
    const { replication } = side('db3').report;
    if (!replication?.ok) throw new Error('nothing recorded');
    const value = { ...replication.value, replicas: [], replicasUnknown: 'ERROR 1227' };
    expect(findings('refuse', side('db2'), [side('db3', {}, { replication: { ok: true, value } })])).toEqual([
      'db3: its replicas: unknown (ERROR 1227)',
    ]);
  });
});

/** A report in which systemd starts the server over and over. */
function loop({ service }: Side['report']): Side['report'] {
  if (!service?.ok) throw new Error('nothing recorded');
  return { service: { ok: true, value: { ...service.value, looping: { restarts: 4, overSeconds: 31 } } } };
}

/** The places of a server, some of them outside of its datadir. */
const placesOf = (name: string, elsewhere: Readonly<Record<string, string>>) => [
  ...side(name).facts.places.filter(({ kind }) => elsewhere[kind] === undefined),
  ...Object.entries(elsewhere).map(([kind, path]) => ({ kind, path })),
];

/** db2 as a replica, with differences from its recording. */
function lagging(change: Partial<ReplicationChannel>) {
  const { replication } = side('db2').report;
  const [channel] = replication?.ok ? replication.value.channels : [];
  if (!replication?.ok || !channel) throw new Error('no channel recorded');
  const value = { ...replication.value, channels: [{ ...channel, ...change }] };
  return side('db2', {}, { replication: { ok: true, value } });
}

test('undo tablespaces of a target outside of its datadir are set aside, and not called old data to be deleted by hand', () => {
  const places = placesOf('db3', { undo: '/srv/undo' });
  const target = side('db3', { places, elsewhere: ['/srv/undo/undo_001', '/srv/far/t1.ibd'] });
  expect(findings('warn', side('db2'), [target])).toEqual([
    'db3: /srv/far/t1.ibd is old data outside the datadir: it stays as it is',
  ]);
});

describe('a donor whose redo log and undo tablespaces lie beside its datadir', () => {
  const beside = (withDatadir: boolean) =>
    side('db2', {
      places: placesOf('db2', { redo: '/srv/redo', undo: '/srv/undo' }),
      outside: [
        { kind: 'redo', path: '/srv/redo', entries: 1, bytes: 16_777_216, withDatadir: true },
        { kind: 'undo', path: '/srv/undo', entries: 2, bytes: 33_554_432, withDatadir },
      ],
    });

  test('gives them where they lie on the volume of the datadir: the snapshot holds them too', () => {
    const target = side('db3');
    expect(findings('refuse', beside(true), [target])).toEqual([]);
    expect(findings('pass', beside(true), [target]).join('\n')).toContain(
      'db2: the data is whole: the datadir, and the redo log in /srv/redo, undo tablespaces in /srv/undo',
    );
    const [needed, less] = [beside(true), side('db2')].map((donor) => spaceFor(request(donor, [target]), target));
    if (!needed?.known || !less?.known) throw new Error('the room is not known');
    expect(needed.neededBytes - less.neededBytes).toBeCloseTo(50_331_648 * 1.05, -1);
  });

  test('is refused where they lie on another volume, which no snapshot has; stopped, it gives them all the same', () => {
    const refused = preflight(request(beside(false), [side('db3')])).filter(({ level }) => level === 'refuse');
    expect(refused.map(({ text }) => text)).toEqual([
      'undo tablespaces of db2: /srv/undo: it lies on another volume than the datadir, and one snapshot can not hold both',
    ]);
    expect(refused[0]?.advice).toMatch(/--stopped/);
    const stopped = findings('refuse', beside(false), [side('db3')], { method: coldCopy });
    expect(stopped.join('\n')).not.toContain('/srv/undo');
  });
});

describe('a seed is refused', () => {
  /** As the kernel numbers the datadir of a server; `boot`: this start of the machine. */
  const placed = (name: string, inode: string, device: string, more: Partial<SeedFacts> = {}) =>
    side(name, { machine: 'aa', boot: 'b1', inode, device, ...more });

  test('where donor and target have one datadir, whatever they are called and by whichever path', () => {
    const target = placed('db3', '128', '64768', { datadir: '/data/link' });
    expect(findings('refuse', placed('db2', '128', '64768'), [target])).toContain(
      'db3: db3 is db2: they have one datadir, /data/link',
    );
  });

  test('and not where two servers of one machine have a datadir each, nor where a clone has the numbers of its original', () => {
    expect(findings('refuse', placed('db2', '128', '64768'), [placed('db3', '128', '64769')])).toEqual([]);
    expect(findings('pass', placed('db2', '128', '64768'), [placed('db3', '128', '64769')])).toContain(
      "db3: another server on the donor's machine, server_id 13",
    );
    const clone = placed('db3', '128', '64768', { boot: 'b2' });
    expect(findings('refuse', placed('db2', '128', '64768'), [clone])).toEqual([]);
  });

  test('where another server runs on the machine, and nothing says which of them SQL is to reach', () => {
    const target = side('db3', { neighbours: ['/srv/b/data'] });
    const why = 'db3: another server runs on its machine, on /srv/b/data: SQL for db3 may reach that one';
    expect(findings('refuse', side('db2'), [target])).toContain(why);
    const told = { ...target, host: { ...target.host, mysql: { socket: '/run/mysqld/mysqld.sock' } } };
    expect(findings('refuse', side('db2'), [told])).toEqual([]);
  });

  test('where the copy would fill the snapshot that it is read from: both datadirs lie on one volume', () => {
    const target = placed('db3', '4711', '64768');
    const why =
      'db3: its datadir lies on one volume with that of db2: the copy would fill the snapshot that it is read from';
    expect(findings('refuse', placed('db2', '128', '64768'), [target])).toContain(why);
    expect(findings('refuse', placed('db2', '128', '64770'), [target])).not.toContain(why);
  });

  test('where two targets on one file system have room for one', () => {
    const needed = Math.ceil((side('db2').facts.dataBytes ?? 0) * 1.05);
    const free = { freeBytes: needed * 1.5, dataBytes: 0 };
    const [one, other] = [placed('db3', '1', '9', free), placed('db6', '2', '9', free)];
    expect(findings('refuse', side('db2'), [one]).join()).not.toMatch(/room/);
    expect(findings('refuse', side('db2'), [one, other]).join()).toMatch(
      /too little room: .* needed, together with db6 on one file system/,
    );
  });

  test('where the inventory asks for commands that are not run yet', () => {
    const asking = (name: string, setting: string) => {
      const known = side(name);
      const notDone = [{ setting, what: `${setting} (hosts.yaml:4:9)`, instead: '' }];
      return { ...known, host: { ...known.host, notDone } };
    };
    expect(findings('refuse', side('db2'), [asking('db3', 'seed')])).toContain('db3: seed (hosts.yaml:4:9)');
    const db3 = side('db3');
    const own = { ...db3, host: { ...db3.host, commands: { stop: { run: '/opt/stop' } } } };
    expect(findings('refuse', side('db2'), [own])).toContain(
      "db3: commands.stop can't be used in a seed, which stops and starts the server by its unit",
    );
    // The server of a donor that is down is kept down, and started again, by its unit.
    const down = stopped();
    const donor = { ...down, host: { ...down.host, commands: { start: { run: '/opt/start' } } } };
    expect(findings('refuse', donor, [db3], { method: coldCopy }).join()).toContain(
      "db2: commands.start can't be used",
    );
    expect(findings('refuse', asking('db2', 'top'), [asking('db3', 'snapshot')])).toEqual([]);
  });

  test('where others replicate from the target, or it takes writes', () => {
    expect(findings('refuse', side('db2'), [side('db1')]).join()).toMatch(/db1 is the source of /);
    const { replication } = side('db1').report;
    if (!replication?.ok) throw new Error('no replication recorded');
    const alone = side(
      'db1',
      { writers: ['app@10.0.0.7'] },
      { replication: { ok: true, value: { ...replication.value, replicas: [] } } },
    );
    expect(findings('refuse', side('db2'), [alone])).toContain('db1: db1 takes writes: app@10.0.0.7');
  });

  test('where a part of the donor lies elsewhere', () => {
    const donor = side('db2', {
      links: ['/var/lib/mysql/shop/big.ibd'],
      places: placesOf('db2', { undo: '/ssd/undo', doublewrite: '/ssd/dbl', aria: '/ssd/aria' }),
    });
    const refused = findings('refuse', donor, [side('db3')]).join('\n');
    expect(refused).toContain(
      'undo tablespaces of db2: /ssd/undo: which files lie there, outside the datadir, is not known',
    );
    expect(refused).toContain('the doublewrite files of db2: /ssd/dbl');
    expect(refused).toContain('the Aria log of db2: /ssd/aria');
    expect(refused).toContain('/var/lib/mysql/shop/big.ibd leads out of the datadir');
  });

  test('where the target has too little room: --clear makes some of it, where that is enough', () => {
    const small = side('db3', { freeBytes: 100_000_000, dataBytes: 229_000_000 });
    expect(findings('refuse', side('db2'), [small]).join()).toMatch(
      /no room for new data beside the old: 95M free, \d+M needed/,
    );
    expect(findings('refuse', side('db2'), [small], { clear: true })).toEqual([]);
    const tiny = side('db3', { freeBytes: 1_000_000, dataBytes: 1_000_000 });
    expect(findings('refuse', side('db2'), [tiny], { clear: true }).join()).toContain('too little room');
  });

  test('where anything of the donor lies elsewhere, as a MariaDB told of it: each is named', () => {
    const { links, elsewhere, strange, strangeCount, locked, statement, tablespaces } = factsOf('odd');
    const donor = side('db2', { links, elsewhere, strange, strangeCount, tablespaces: tablespaces ?? 0 });
    const refused = findings('refuse', donor, [side('db3')]);
    expect(refused).toEqual([
      'db2: in /var/lib/mysql lies what no MySQL made: backup.sql, drill/2019',
      'db2: the tablespace /srv/elsewhere/drill/far.ibd lies outside the datadir',
      'db2: /var/lib/mysql/drill/far.isl leads out of the datadir',
    ]);
    expect(locked).toEqual({ job: 'cafe', who: 'anna@jump2, since 2026-11-22 18:03:11 UTC' });
    expect(statement).toEqual({ seconds: 4, who: 'root@localhost', words: 'SELECT SLEEP(600)' });
  });

  test('where a donor is down, it does not tell of tablespaces elsewhere: `?`, a sentence above the prompt, and never whole', () => {
    const { tablespaces: _, ...facts } = side('db2').facts;
    const donor = { ...side('db2', {}, { server: { ok: false, why: 'ERROR 2002' } }), facts };
    const text = 'db2: whether tablespaces lie outside the datadir: unknown, its server is down';
    for (const method of [coldCopy, lvmSnapshot]) {
      expect(findings('unknown', donor, [side('db3')], { method })).toContain(text);
    }
    expect(findings('pass', donor, [side('db3')]).join()).not.toContain('whole');
    expect(untoldSentences(request(donor, [side('db3')]))).toEqual([
      'db3 gets no tablespace of db2 that lies outside the datadir, and whether there are any is unknown (its server is down)',
    ]);
    expect(untoldSentences(request(side('db2'), [side('db3')]))).toEqual([]);
  });

  test('where the applier of the donor has open temporary tables, which the target lost and had wrong rows', () => {
    const replica = side('db2');
    const { server } = replica.report;
    if (!server?.ok) throw new Error('nothing recorded');
    const { applierTempTables: _, ...value } = server.value;
    const with_ = (open: object) => side('db2', {}, { server: { ok: true, value: { ...value, ...open } } });
    const counter = 'Replica_open_temp_tables';
    expect(findings('refuse', with_({ applierTempTables: { count: 2, counter } }), [side('db3')])).toEqual([
      'db2: the applier of db2 has 2 open temporary tables (Replica_open_temp_tables is 2): a snapshot does not have them, and later statements that use them would fail or change another table',
    ]);
    expect(findings('unknown', with_({}), [side('db3')]).join()).toContain(
      'open temporary tables of its applier: unknown',
    );
    expect(findings('refuse', replica, [side('db3')])).toEqual([]);
  });

  test('a target whose applier has open temporary tables: an abort gave its old data back without them', () => {
    const { server } = side('db3').report;
    if (!server?.ok) throw new Error('nothing recorded');
    const applierTempTables = { count: 1, counter: 'Replica_open_temp_tables' };
    const target = side('db3', {}, { server: { ok: true, value: { ...server.value, applierTempTables } } });
    const words = 'has 1 open temporary table (Replica_open_temp_tables is 1): its stop drops them';
    expect(findings('warn', side('db2'), [target]).join()).toContain(
      `db3: its applier ${words}. If the seed is undone`,
    );
    expect(applierTableSentences(request(side('db2'), [target]))).toEqual([
      `the applier of db3 ${words}, and an undone seed does not bring them back`,
    ]);
  });

  test('encrypted data and a login without SELECT: the proof of its tables verified nothing, and the plan had not said so', () => {
    const donor = side('db2', { encrypted: 2, unseen: ['SELECT'] });
    expect(findings('warn', donor, [side('db3')]).join()).toContain(
      'whether a target can read all of its tables may not be proved',
    );
    expect(unprovedSentences(request(donor, [side('db3')]))).toEqual([
      'whether db3 can read all tables of db2 may not be proved: the account that reseed logs in with has no SELECT on *.*',
    ]);
    expect(unprovedSentences(request(side('db2', { encrypted: 2 }), [side('db3')]))).toEqual([]);
  });

  test('a snapshot of a replica that others took: nothing was said of the temporary tables that its applier had open', () => {
    const { lvm } = side('db2').report;
    const [volume] = lvm?.ok ? lvm.value.volumes : [];
    if (!volume) throw new Error('no volume recorded');
    const seedOf = (donor: string, tags: string[]) =>
      request(side(donor), [side('db3')], { snapshot: { ...volume, volume: 'nightly', tags, valid: true } });
    const told = (donor: string, tags: string[]) => [
      preflight(seedOf(donor, tags)).filter(({ level, text }) => level === 'unknown' && /its applier had/.test(text))
        .length,
      applierTableSentences(seedOf(donor, tags)).join(),
    ];
    const words = expect.stringMatching(
      /^db3 may get wrong rows: whether the applier of db2 had .*nightly was taken is not known$/,
    );
    expect(told('db2', [])).toEqual([1, words]);
    expect(told('db2', ['reseed', 'reseed-proved', 'reseed-temp-tables=unknown'])).toEqual([0, '']);
    expect(told('db1', [])).toEqual([0, '']);
  });

  test('a replica that was stopped as a donor: nothing was said of the temporary tables that its stop dropped', () => {
    const text =
      'db2: temporary tables that its applier had open when its server was stopped: unknown; a stop drops them, and later statements of its source that use them would fail or change another table';
    expect(findings('unknown', stopped(), [side('db3')], { method: coldCopy })).toContain(text);
    expect(findings('unknown', stopped(), [side('db3')], { method: coldCopy, follow: 'donor' })).not.toContain(text);
  });

  test('a donor with discarded tablespaces: the target missed their files at its first start, after the whole copy', () => {
    const donor = side('db2', { discarded: ['shop/a', 'shop/b', 'shop/c', 'shop/d'] });
    expect(findings('refuse', donor, [side('db3')])).toEqual([
      'db2: tables without a file, whose tablespace was discarded: shop/a, shop/b, shop/c, …. A server on a copy misses these files',
    ]);
  });

  test('a donor that did not say in time whether it has discarded tablespaces: that was taken for none', () => {
    const donor = side('db2', { unanswered: ['discarded'] });
    const words =
      'whether it has tables whose tablespace was discarded (a server on a copy misses their files): unknown';
    expect(findings('unknown', donor, [side('db3')]).join()).toContain(`db2: ${words}`);
    expect(findings('unknown', side('db2'), [side('db3')]).join()).not.toContain('discarded');
  });

  test('where sessions of a donor have temporary tables open that its log uses: a target that follows it had wrong rows', () => {
    const with_ = (tempTables: SeedFacts['tempTables'], more = {}) =>
      [side('db1', tempTables ? { tempTables } : {}), [side('db3')], more] as const;
    const open = with_({ state: 'open', format: 'STATEMENT', count: 2 });
    expect(findings('refuse', ...open).join()).toContain(
      'db1: its sessions have temporary tables open that its binary log uses (binlog_format STATEMENT, tables: 2)',
    );
    const unknown = with_({ state: 'unknown', format: 'MIXED', count: 7 });
    expect(findings('warn', ...unknown).join()).toContain('is not known (binlog_format MIXED, sessions: 7)');
    expect([sessionTableSentences(request(...unknown)), sessionTablesOf(request(...unknown))]).toEqual([
      [expect.stringMatching(/^db3 may get wrong rows/)],
      'known',
    ]);
    const none = with_({ state: 'none', format: 'MIXED' });
    expect(findings('pass', ...none)).toContain(
      'db1: its sessions have no temporary table open that its binary log uses (binlog_format MIXED)',
    );
    expect([sessionTableSentences(request(...none)), sessionTablesOf(request(...none))]).toEqual([[], 'none']);
    // A target of a replica continues with what the source logs.
    const replica = request(side('db2', { tempTables: { state: 'open', format: 'STATEMENT', count: 2 } }), [
      side('db3'),
    ]);
    expect(preflight(replica).filter(({ text }) => text.includes('sessions have temporary'))).toEqual([]);
    expect(sessionTablesOf(replica)).toBe('tell');
  });

  test('a MariaDB without sessions at that moment: it passed, and a monitor under the lock cost the seed', () => {
    const with_ = (tempTables: SessionTempTables) => request(side('db1', { tempTables }), [side('db3')]);
    const alone = with_({ state: 'none', format: 'MIXED', why: 'alone' });
    expect(
      preflight(alone).filter(({ level, text }) => level === 'warn' && /comes before the snapshot/.test(text)),
    ).toEqual([
      expect.objectContaining({ text: expect.stringContaining('(binlog_format MIXED, no session is there now)') }),
    ]);
    expect(sessionTableSentences(alone)).toEqual([
      expect.stringMatching(/^db3 may get wrong rows: a session of db1 that/),
    ]);
    expect(sessionTablesOf(alone)).toBe('known');
    const never = with_({ state: 'none', format: 'MIXED', why: 'never' });
    expect(preflight(never).map(({ text }) => text)).toContainEqual(
      expect.stringContaining('(binlog_format MIXED, none was made since its start)'),
    );
    expect([sessionTableSentences(never), sessionTablesOf(never)]).toEqual([[], 'never']);
    expect(sessionTablesOf(with_({ state: 'none', format: 'ROW' }))).toBe('none');
  });

  test.each<[string, SessionTempTables]>([
    ['none ROW', { state: 'none', format: 'ROW' }],
    ['none MIXED alone', { state: 'none', format: 'MIXED', why: 'alone' }],
    ['none ROW:own never', { state: 'none', format: 'ROW', ofSessions: 'own', why: 'never' }],
    ['open ROW:STATEMENT 2', { state: 'open', format: 'ROW', ofSessions: 'STATEMENT', count: 2 }],
    ['unknown MIXED:? 7 ?', { state: 'unknown', format: 'MIXED', ofSessions: '?', count: 7 }],
    ['unknown ROW:own 7 2', { state: 'unknown', format: 'ROW', ofSessions: 'own', count: 7 }],
    ['unknown ? ? ?', { state: 'unknown', format: '?' }],
  ])('temporary tables of sessions as the donor tells them: %s', (told, expected) => {
    expect(readSeedFacts(`machine 1\ndatadir /data\ntemp_tables ${told}\n`)?.tempTables).toEqual(expected);
  });

  test('a MySQL with ROW by its options and without performance_schema: its name was always typed', () => {
    const with_ = (tempTables: SessionTempTables) => request(side('db1', { tempTables }), [side('db3')]);
    const untold = with_({ state: 'unknown', format: 'ROW', ofSessions: 'own', count: 7 });
    expect(preflight(untold).filter(({ text }) => text.includes('a session that set its own binlog_format'))).toEqual([
      expect.objectContaining({
        level: 'unknown',
        text: expect.stringContaining('(binlog_format ROW, of sessions unknown, sessions: 7)'),
      }),
    ]);
    expect([sessionTableSentences(untold), sessionTablesOf(untold)]).toEqual([[], 'known']);
    expect(sessionTablesOf(with_({ state: 'none', format: 'ROW', ofSessions: 'own' }))).toBe('known');
  });

  test('sessions that keep what they had before binlog_format was set to ROW: the check said ROW and went on', () => {
    const with_ = (tempTables: SessionTempTables) => [side('db1', { tempTables }), [side('db3')]] as const;
    const kept = with_({ state: 'open', format: 'ROW', ofSessions: 'STATEMENT', count: 2 });
    expect(findings('refuse', ...kept).join()).toContain(
      'db1: its sessions have temporary tables open that its binary log may use (binlog_format ROW, of sessions STATEMENT, tables: 2)',
    );
    const unknown = with_({ state: 'unknown', format: 'ROW', ofSessions: '?', count: 7 });
    expect(findings('warn', ...unknown).join()).toContain('(binlog_format ROW, of sessions unknown, sessions: 7)');
    expect(sessionTableSentences(request(...unknown))).toEqual([expect.stringMatching(/^db3 may get wrong rows/)]);
    expect(findings('pass', ...with_({ state: 'none', format: 'ROW', ofSessions: 'ROW' })).join()).toContain(
      '(binlog_format ROW, of sessions ROW)',
    );
    const rows = preflight(request(...with_({ state: 'none', format: 'ROW' })));
    expect(rows.filter(({ text }) => text.includes('temporary table'))).toEqual([]);
  });

  describe('a snapshot whose donor was not asked for temporary tables of sessions when it was taken', () => {
    const seedOf = (tags: string[], tempTables?: SessionTempTables) => {
      const { lvm } = side('db1').report;
      const [volume] = lvm?.ok ? lvm.value.volumes : [];
      if (!volume) throw new Error('no volume recorded');
      const snapshot = { ...volume, volume: 'nightly', tags, valid: true };
      const { tempTables: _, ...facts } = factsOf('db1');
      const donor = {
        ...side('db1'),
        facts: { ...facts, listener: { state: 'open', why: '' }, ...present('tempTables', tempTables) },
      } as const;
      return request(donor, [side('db3')], { snapshot });
    };
    const sentences = (...args: Parameters<typeof seedOf>) => sessionTableSentences(seedOf(...args));
    const proved = ['reseed', 'reseed-proved'];

    test('by an older reseed, of a donor that logs statements: it passed', () => {
      const seed = seedOf(proved, { state: 'none', format: 'MIXED' });
      expect(preflight(seed).map(({ text }) => text)).toContainEqual(
        expect.stringMatching(/is not known \(it was not asked when \w+\/nightly was taken\)/),
      );
      expect(sessionTableSentences(seed)).toEqual([expect.stringMatching(/^db3 may get wrong rows/)]);
      const asked = [...proved, 'reseed-temp-tables=none'];
      expect(sentences(asked, { state: 'none', format: 'MIXED' })).toEqual([]);
    });

    test('by others, of a donor that was set to ROW since: it passed', () => {
      for (const ofSessions of ['ROW', '?']) {
        expect(sentences([], { state: 'none', format: 'ROW', ofSessions })).toHaveLength(1);
      }
      expect(sentences([])).toHaveLength(1);
      expect(sentences([], { state: 'none', format: 'ROW' })).toEqual([]);
      expect(sentences(proved, { state: 'none', format: 'ROW' })).toEqual([]);
    });
  });

  test('a target that follows the source of the donor and has a further channel from the donor: its temporary tables were not asked', () => {
    const { server } = side('db2').report;
    if (!server?.ok) throw new Error('nothing recorded');
    const further = {
      name: 'reports',
      mark: 'x',
      host: side('db2').host.ssh.host,
      port: server.value.port,
      tls: true,
      byGtid: true,
      receives: true,
      applies: true,
      settings: [],
      filters: [],
    };
    const seed = (channel: typeof further) =>
      request(side('db2', { tempTables: { state: 'open', format: 'STATEMENT', count: 1 } }), [side('db3')], {
        asked: { sources: {}, replicas: { db3: { tls: true, settings: [], filters: [], further: [channel] } } },
      });
    const asked = (channel: typeof further) =>
      preflight(seed(channel)).filter(({ text }) => text.includes('sessions have temporary')).length;
    expect([asked(further), sessionTablesOf(seed(further))]).toEqual([1, 'known']);
    expect(asked({ ...further, host: side('db1').host.ssh.host })).toBe(0);
  });

  test.each([
    ['db2', { innodb_redo_log_enabled: 'OFF' }, "InnoDB's redo log of db2 is switched off"],
    ['db2', { innodb_force_recovery: '3' }, 'innodb_force_recovery of db2 is 3'],
    ['db3', { innodb_force_recovery: '1' }, 'innodb_force_recovery of db3 is 1'],
    ['db3', { innodb_read_only: 'ON' }, 'innodb_read_only of db3 is ON'],
    ['db3', { skip_innodb: 'ON' }, 'db3 has no InnoDB (skip_innodb)'],
    ['db3', { innodb: 'OFF' }, 'db3 has no InnoDB (innodb = OFF)'],
  ])('where InnoDB of %s is started so that it does not recover or write: %o', (name, options, text) => {
    const given = (one: string) => {
      const { variables } = side(one).facts;
      return side(one, one === name ? { variables: { ...variables, ...options } } : {});
    };
    const refused = findings('refuse', given('db2'), [given('db3')]);
    expect(refused).toEqual([expect.stringContaining(`${name}: ${text}`)]);
  });

  test('where the target would look for its data elsewhere than the donor has it, or has its system tablespace elsewhere', () => {
    const refused = (elsewhere: Readonly<Record<string, string>>) =>
      findings('refuse', side('db2'), [side('db3', { places: placesOf('db3', elsewhere) })]);
    expect(refused({ redo: '/srv/mysql/data/redo' })).toEqual([
      'db3: the redo log in the datadir: redo here, . on db2',
    ]);
    expect(refused({ 'innodb-file': '/srv/mysql/data/system1' })).toEqual([
      'db3: the system tablespace in the datadir: system1 here, ibdata1 on db2',
    ]);
    expect(refused({ 'innodb-home': '/ssd/home' })).toEqual([
      "db3: InnoDB's data home of db3: /ssd/home: it lies outside the datadir",
    ]);
    expect(refused({ tmpdir: '/srv/mysql/data/tmp' })).toEqual([
      'db3: the folder for temporary files of db3: /srv/mysql/data/tmp: its folder lies in the datadir, and new data would not have it',
    ]);
    expect(refused({ redo: '/srv/mysql/redo', binlog: '/var/log/mysql-bin/bin', 'log-file': '/var/log/slow' })).toEqual(
      [],
    );
  });

  test('where a file of the target can not be renamed: immutable, append-only, or of another project quota', () => {
    const told = (fixed: Partial<SeedFacts['fixed']>) =>
      preflight(request(side('db2'), [side('db3', { fixed: { first: [], count: 0, ...fixed } })])).flatMap(
        ({ host, level, text, advice }) =>
          host === 'db3' && (level === 'refuse' || /immutable/.test(text)) ? [`${level} ${text}: ${advice}`] : [],
      );
    const first = [
      { flag: 'immutable', path: '/srv/mysql/data/my.cnf' },
      { flag: 'append-only', path: '/srv/mysql/data/shop' },
    ] as const;
    expect(told({ first, count: 5 })).toEqual([
      "refuse files that can't be set aside with the old data: /srv/mysql/data/my.cnf (immutable), /srv/mysql/data/shop (append-only) and 3 more: as root: chattr -i /srv/mysql/data/my.cnf; chattr -a /srv/mysql/data/shop",
    ]);
    const hostile = '/srv/mysql/data/x; touch pwned #';
    expect(told({ first: [{ flag: 'immutable and append-only', path: hostile }], count: 1 })).toEqual([
      `refuse files that can't be set aside with the old data: ${hostile} (immutable and append-only): as root: chattr -ia '${hostile}'`,
    ]);
    expect(told({ otherProject: { folderProject: 42, path: `${hostile}/shop` } })).toEqual([
      `refuse ${hostile}/shop is of another project quota than ${hostile} (project 42, which new files there get): the kernel renames nothing between projects: give all files there that project (XFS: xfs_quota, project 42; ext4: chattr -p 42), or none: xfs_io -c 'chattr -P' '${hostile}'`,
    ]);
    expect(told({ otherProject: { folderProject: 42, path: '/srv/mysql/data/shop' } })).toEqual([
      "refuse /srv/mysql/data/shop is of another project quota than /srv/mysql/data (project 42, which new files there get): the kernel renames nothing between projects: give all files there that project (XFS: xfs_quota -x -c 'project -s -p /srv/mysql/data 42'; ext4: chattr -p 42), or none: xfs_io -c 'chattr -P' /srv/mysql/data",
    ]);
    expect(told({ unknown: 'this host has no lsattr' })).toEqual([
      'unknown whether files of /srv/mysql/data are immutable (chattr +i): unknown, this host has no lsattr: ',
    ]);
  });

  test('where its logs lie elsewhere and no file there is for certain their index', () => {
    const path = '/var/log/mysql-bin/names.index';
    const places = placesOf('db3', { binlog: '/var/log/mysql-bin/bin', 'binlog-index': path });
    const target = side('db3', { places, unindexed: [{ kind: 'binlog-index', path }] });
    const [refused, ...more] = preflight(request(side('db2'), [target])).filter(({ level }) => level === 'refuse');
    expect(more).toEqual([]);
    expect(refused).toMatchObject({
      text: `the index of binary logs of db3: ${path}: logs are there, and which file is their index is not known`,
      advice: `start the server with log_bin_index=${path}, or move what an earlier server left there`,
    });
  });

  test('where a link or a folder has the name of an undo tablespace of the donor or the target outside of the datadir', () => {
    const unlike = [{ kind: 'undo', path: '/srv/undo/undo_002' }];
    const text = (name: string) =>
      `${name}: undo tablespaces of ${name}: /srv/undo/undo_002 is a link or a folder, and no file of the server, whose name it has`;
    expect(findings('refuse', side('db2', { unlike }), [side('db3')])).toEqual([text('db2')]);
    expect(findings('refuse', side('db2'), [side('db3', { unlike })])).toEqual([text('db3')]);
    const logs = [{ kind: 'relaylog', path: '/srv/logs/relay.000001' }];
    expect(findings('refuse', side('db2', { unlike: logs }), [side('db3')])).toEqual([]);
  });

  test('where the index of its logs is a file that its account can not read: that is said, and not that an index is lacking', () => {
    const path = '/var/log/mysql-bin/names.index';
    const places = placesOf('db3', { binlog: '/var/log/mysql-bin/bin', 'binlog-index': path });
    const shut = { kind: 'binlog-index', path };
    const target = side('db3', { places, unindexed: [shut], shutIndexes: [shut] });
    const refused = preflight(request(side('db2'), [target])).filter(({ level }) => level === 'refuse');
    expect(refused.map(({ text, advice }) => `${text}; ${advice}`)).toEqual([
      `the index of binary logs of db3: ${path}: mysql can't read it, so whether it lists these logs is unknown; as root: chown -hR mysql:mysql ${path}; runuser -u mysql -- chmod -R u+rwX ${path}`,
    ]);
  });

  test('where a channel of the donor would have its relay logs in the place of other files: no name of the donor deletes them', () => {
    const places = placesOf('db3', { relaylog: '/logs/db', 'relaylog-index': '/logs/db.index' });
    const told = (facts: Partial<SeedFacts>) => {
      const donor = side('db2');
      const { replication } = donor.report;
      if (!replication?.ok) throw new Error('db2 replicates');
      const [channel] = replication.value.channels;
      if (!channel) throw new Error('db2 has a channel');
      const value = { ...replication.value, channels: [channel, { ...channel, name: 'bin' }] };
      const from = { ...donor, report: { ...donor.report, replication: { ...replication, value } } };
      return channelChecks(from, side('db3', { places, ...facts })).map(({ level, text }) => `${level} ${text}`);
    };
    expect(told({})).toEqual([]);
    expect(told({ taken: ['/logs/db-bin', '/logs/db-bin.index', '/logs/db-old'] })).toEqual([
      "refuse the server of db3 would write relay logs of db2's channel bin where other files lie: /logs/db-bin, /logs/db-bin.index: whether these are relay logs of db3 is unknown",
    ]);
    expect(told({ unproved: ['/logs/db-a.index'], unseen: ['channels'] })).toEqual([
      "unknown whether these list relay logs of db3: unknown, their first log is empty, encrypted, not there or can't be read: /logs/db-a.index: they stay as they are",
      'unknown relay logs of channels outside the datadir of db3: unknown, not looked through to their end',
    ]);
    const target = side('db3', { places, unproved: ['/logs/db-a.index'] });
    expect(findings('unknown', side('db2'), [target]).join()).toContain('/logs/db-a.index');
  });

  test('where it is not known what the server of a target that is down would read: no folder is guessed', () => {
    const down = side('db3', { unread: 'the unit mysql is masked', places: [] });
    expect(findings('refuse', side('db2'), [down])).toContain(
      "db3: which folder db3's server would use is unknown: the unit mysql is masked",
    );
  });

  test('where a file of InnoDB is said to be elsewhere, or a file system is mounted in the datadir', () => {
    const places = placesOf('db2', { 'innodb-file': '/disk2/ibdata2', 'innodb-directory': '/b' });
    const refused = findings('refuse', side('db2', { places, mounts: ['/var/lib/mysql/shop'] }), [side('db3')]).join(
      '\n',
    );
    expect(refused).toMatch(/the system tablespace of db2: \/disk2\/ibdata2: which files lie there/);
    expect(refused).toMatch(/innodb_directories of db2: \/b: what lies there, outside the datadir, is not copied/);
    expect(refused).toContain('/var/lib/mysql/shop is another file system inside the datadir');
  });

  test.each(['/', '/var', '/var/lib', '/home'])('where a datadir is %s', (datadir) => {
    const refused = findings('refuse', side('db2', { datadir }), [side('db3', { datadir })]);
    for (const host of ['db2', 'db3']) {
      expect(refused).toContain(`${host}: its datadir is ${datadir}: a seed never works on that`);
    }
  });

  test('where the donor has no room for the snapshot: in its group, or in its thin pool', () => {
    const { lvm } = side('db2').report;
    if (!lvm?.ok) throw new Error('no volumes recorded');
    const full = { ...lvm.value, groups: lvm.value.groups.map((group) => ({ ...group, freeBytes: 4 * 1024 ** 2 })) };
    const small = side('db2', {}, { lvm: { ok: true, value: full } });
    expect(findings('refuse', small, [side('db3')])).toEqual([
      expect.stringMatching(/^db2: vg0 of db2 has 4.0M free, and the snapshot needs \d+M$/),
    ]);
    const thin = {
      ...lvm.value,
      volumes: lvm.value.volumes.flatMap((volume) => [
        { ...volume, pool: 'pool' },
        { ...volume, volume: 'pool', kind: 'thinPool' as const, usedPercent: 91, metadataPercent: 4 },
      ]),
    };
    expect(findings('refuse', side('db2', {}, { lvm: { ok: true, value: thin } }), [side('db3')])).toEqual([
      'db2: the thin pool vg0/pool of db2 is 91 % full: when it is full, the server stops',
    ]);
  });

  test('behind a statement that the lock would wait for; not where the snapshot is there already', () => {
    const statement = { seconds: 95, who: 'app@10.0.0.7', words: 'SELECT * FROM shop.orders' };
    const donor = side('db2', { statement });
    expect(findings('refuse', donor, [side('db3')])).toEqual([
      'db2: a statement of app@10.0.0.7 runs for 95 s, and 30 s is the most that the lock waits for: SELECT * FROM shop.orders',
    ]);
    const { lvm } = donor.report;
    const [volume] = lvm?.ok ? lvm.value.volumes : [];
    if (!volume) throw new Error('no volume recorded');
    const snapshot = { ...volume, volume: 'nightly', tags: ['reseed', 'reseed-proved'], valid: true };
    expect(findings('refuse', donor, [side('db3')], { snapshot })).toEqual([]);
  });

  test('from a donor with too much lag, or stopped replication, unless that is allowed', () => {
    const late = lagging({ lagSeconds: 900 });
    expect(findings('refuse', late, [side('db3')])).toEqual(['db2: it is 900 s behind, and 600 s is the most']);
    expect(findings('refuse', late, [side('db3')], { maxLagSeconds: 900 })).toEqual([]);
    expect(findings('warn', late, [side('db3')], { maxLagSeconds: 900 })).toContain('db2: it is 900 s behind');
    const patient = { ...late, host: { ...late.host, seed: { maxLagSeconds: 3600 } } };
    expect(findings('refuse', patient, [side('db3')])).toEqual([]);
    const still = lagging({ sqlThread: 'stopped' });
    expect(findings('refuse', still, [side('db3')], { maxLagSeconds: 900 })).toEqual([
      'db2: its replication stands still: the applier is stopped; how far behind it is: unknown',
    ]);
    expect(findings('refuse', still, [side('db3')], { maxLagSeconds: Number.POSITIVE_INFINITY })).toEqual([]);
  });

  test('where two of the hosts are one server, one address or one target twice', () => {
    const uuid = side('db2').facts.variables.server_uuid ?? '';
    const copied = side('db3', { variables: { server_id: '13', server_uuid: uuid } });
    expect(findings('refuse', side('db2'), [copied])).toContain(
      `db3: its server_uuid is that of db2, ${uuid}: they may be one server`,
    );
    const there = side('db3');
    const same = { ...there, host: { ...there.host, ssh: side('db2').host.ssh } };
    expect(findings('refuse', side('db2'), [same]).join()).not.toContain('one datadir');
    const alike = { ...same, facts: { ...same.facts, datadir: side('db2').facts.datadir } };
    expect(findings('refuse', side('db2'), [alike])).toContain(
      'db3: db3 is db2: they have one datadir, /var/lib/mysql',
    );
    const again = { ...there, host: { ...there.host, name: 'db3b' } };
    expect(findings('refuse', side('db2'), [there, again])).toContain(
      'db3b: db3b is db3: they have one datadir, /srv/mysql/data',
    );
  });

  test('where the file system of the target is read-only', () => {
    const { disk } = side('db3').report;
    if (!disk?.ok) throw new Error('no disk recorded');
    const broken = side('db3', {}, { disk: { ok: true, value: { ...disk.value, readOnly: true } } });
    expect(findings('refuse', side('db2'), [broken])).toEqual(['db3: /srv/mysql is mounted read-only']);
  });

  test('where MySQL passes over an LTS: it goes by way of that one', () => {
    const version = (text: string) => ({ program: `mysqld  Ver ${text} for Linux` });
    const upgraded = (from: string, to: string) =>
      findings('refuse', side('db2', version(from)), [side('db3', version(to))]).join();
    expect(upgraded('8.0.41', '9.7.4')).toBe("db3: MySQL 9.7.4 can't upgrade the data of MySQL 8.0.41");
    expect(upgraded('5.7.44', '8.4.3')).toContain("can't upgrade the data");
    expect(upgraded('9.7.4', '26.7.0')).toBe('');
    expect(findings('warn', side('db2', version('9.7.4')), [side('db3', version('26.7.0'))]).join()).toMatch(
      /MySQL 26.7.0 is newer than the series that reseed knows the upgrades of/,
    );
    for (const [from = '', to = ''] of [
      ['8.0.41', '8.4.3'],
      ['8.4.3', '9.7.4'],
      ['8.4.3', '9.2.0'],
      ['9.2.0', '9.7.4'],
    ]) {
      expect(upgraded(from, to)).toBe('');
    }
    expect(upgraded('8.4.3', '26.7.0')).toContain("can't upgrade the data");
  });

  test('where MySQL would get a snapshot whose redo log it can not recover: it ended at its first start, after copy and swap', () => {
    const version = (text: string) => ({ program: `mysqld  Ver ${text} for Linux` });
    const refused = (from: string, to: string) =>
      findings('refuse', side('db2', version(from)), [side('db3', version(to))]);
    expect(refused('8.0.28', '8.0.36')).toEqual([
      "db3: MySQL 8.0.36 can't recover the redo log of MySQL 8.0.28: its format changed in 8.0.30, and a snapshot holds a log that was not ended",
    ]);
    expect(refused('8.0.28', '8.4.3').join()).toContain('its format changed in 8.0.30');
    expect(refused('5.7.44', '8.0.20').join()).toContain('its format changed in 8.0.4');
    expect(refused('8.0.19', '8.0.29')).toEqual([]);
    expect(refused('8.0.30', '8.4.3')).toEqual([]);
  });

  test('where MySQL would get the redo log of a stopped donor that was killed; that of one that shut down it takes', () => {
    const version = (text: string) => ({ program: `mysqld  Ver ${text} for Linux` });
    const said = (result?: string) => {
      const down = stopped();
      const { service } = down.report;
      if (!service?.ok) throw new Error('no service recorded');
      const value = { ...service.value, ...(result !== undefined && { result }) };
      const donor = {
        ...down,
        facts: { ...down.facts, ...version('8.0.28') },
        report: { ...down.report, service: { ok: true as const, value } },
      };
      return preflight(request(donor, [side('db3', version('8.0.36'))], { method: coldCopy }))
        .filter(({ text }) => text.includes('redo log of MySQL 8.0.28'))
        .map(({ level, text }) => `${level} ${text}`);
    };
    expect(said()).toEqual([expect.stringMatching(/^warn .*: the files of db2 have to be those of a whole shutdown$/)]);
    expect(said('signal')).toEqual([
      expect.stringMatching(
        /^refuse .*the server of db2 did not shut down by itself \(signal\): its log was not ended$/,
      ),
    ]);
  });

  test.each([
    [
      'Group Replication',
      { group_replication_group_name: 'aaaa' },
      [],
      /set up for Group Replication \(InnoDB Cluster\)/,
    ],
    ['Group Replication', {}, ['group_replication'], /set up for Group Replication/],
    ['Galera', { wsrep_on: 'ON' }, [], /a node of a Galera cluster \(wsrep_on\)/],
    ['NDB', {}, ['ndbcluster'], /a SQL node of an NDB Cluster/],
  ])('where donor or target is a member of %s', (_, variables, plugins, why) => {
    const member = (name: string) => {
      const { facts } = side(name);
      return side(name, { variables: { ...facts.variables, ...variables }, plugins });
    };
    expect(findings('refuse', member('db2'), [side('db3')])).toEqual([expect.stringMatching(why)]);
    expect(findings('refuse', side('db2'), [member('db3')])).toEqual([expect.stringMatching(why)]);
  });

  test('where the snapshot is not of reseed and the target would not find the binary log that decides its open transactions', () => {
    const { lvm } = side('db2').report;
    const [volume] = lvm?.ok ? lvm.value.volumes : [];
    if (!volume) throw new Error('no volume recorded');
    const nightly = { ...volume, volume: 'nightly', tags: [] as string[], valid: true };
    const places = side('db3').facts.places.filter(({ kind }) => !kind.startsWith('binlog'));
    const refused = (snapshot: typeof nightly) =>
      findings('refuse', side('db2'), [side('db3', { places })], { snapshot }).filter((text) =>
        /binary log/.test(text),
      );
    expect(refused(nightly)).toEqual([
      expect.stringMatching(
        /^db3: binary log: on on db2, off here: db3 would not find the log of db2, and the snapshot nightly/,
      ),
    ]);
    expect(refused({ ...nightly, tags: ['reseed', 'reseed-proved'] })).toEqual([]);
    expect(findings('refuse', side('db2'), [side('db3', { places })])).toEqual([]);
  });

  test('where the index of a binary log lies apart from it on the donor, or is another on the target', () => {
    const { lvm } = side('db2').report;
    const [volume] = lvm?.ok ? lvm.value.volumes : [];
    if (!volume) throw new Error('no volume recorded');
    const snapshot = { ...volume, volume: 'nightly', tags: [], valid: true };
    const indexed = (name: string, path: string) => {
      const { places } = side(name).facts;
      return side(name, { places: places.map((one) => (one.kind === 'binlog-index' ? { ...one, path } : one)) });
    };
    const refused = (...[donor, target]: [ReturnType<typeof side>, ReturnType<typeof side>]) =>
      findings('refuse', donor, [target], { snapshot }).filter((text) => text.includes('would not find the log'));
    expect(refused(side('db2'), side('db3'))).toEqual([]);
    expect(refused(indexed('db2', '/srv/index/binlog.index'), side('db3'))).toHaveLength(1);
    expect(refused(side('db2'), indexed('db3', '/srv/index/binlog.index'))).toHaveLength(1);
    expect(refused(indexed('db2', '/var/lib/mysql/logs.index'), side('db3'))).toHaveLength(1);
  });

  test('where its source is of a newer series, and the server does not allow that', () => {
    const old = (allowed: string) =>
      side('db3', {
        program: 'mysqld  Ver 9.6.0 for Linux',
        variables: { ...side('db3').facts.variables, replica_allow_higher_version_source: allowed },
      });
    const donor = side('db2', { program: 'mysqld  Ver 9.6.0 for Linux' });
    expect(findings('refuse', donor, [old('OFF')])).toEqual([
      'db3: its source db1 has 9.7.4, a newer series than MySQL 9.6.0 here: replica_allow_higher_version_source is OFF',
    ]);
    expect(findings('refuse', donor, [old('ON')])).toEqual([]);
    expect(findings('warn', donor, [old('ON')]).join()).toMatch(/its source db1 has 9.7.4, a newer series/);
  });

  test('where the donor has encrypted data, and the target not its keys', () => {
    const key = 'INNODBKey-f0941e0f-e9bd-11f1-b673-525400770012-1';
    const keyring = { plugins: ['component_keyring_file'], keys: [key] };
    const donor = side('db2', { ...keyring, encrypted: 1 });
    const refused = (facts: Partial<SeedFacts>) => findings('refuse', donor, [side('db3', facts)]);
    expect(refused({})).toEqual([
      'db3: db2 has encrypted data (1 tablespace), keys in component_keyring_file; db3 has no keyring',
    ]);
    expect(refused({ plugins: ['keyring_okv'] })[0]).toMatch(/db3 has keyring_okv/);
    expect(refused({ ...keyring, keys: ['INNODBKey-other-1'] })[0]).toMatch(/the keyring of db3 lacks 1 of 1 keys/);
    expect(refused(keyring)).toEqual([]);
    expect(refused({ ...keyring, keys: [] })).toEqual([]);
    expect(findings('warn', donor, [side('db3', { ...keyring, keys: [] })]).join()).toMatch(
      /has these keys is unknown/,
    );
    const redo = side('db2', { variables: { ...side('db2').facts.variables, innodb_redo_log_encrypt: 'ON' } });
    expect(findings('refuse', redo, [side('db3')]).join()).toMatch(/encrypted data \(the redo log\)/);
  });

  test.each<[string, Partial<SeedFacts>, RegExp]>([
    [
      'is worked on by another job',
      { locked: { job: 'cafe', who: 'anna@jump2, since 2026-11-22 18:03:11 UTC' } },
      /db3 is locked by job cafe of anna@jump2, since 2026/,
    ],
    [
      'holds what no MySQL made',
      { strange: ['backup.sql', 'home/anna', 'dump'], strangeCount: 9 },
      /in \/srv\/mysql\/data lies what no MySQL made: backup.sql, home\/anna, dump and 6 more/,
    ],
    [
      'has its datadir by mounts of its unit alone',
      { hidden: [{ by: 'BindPaths', path: '/srv/mysql/data' }] },
      /BindPaths= of its unit gives the server another folder at \/srv\/mysql\/data than this host has/,
    ],
    [
      'has a file of its own that its account can not read',
      { unreadable: ['ssl/server.key'] },
      /ssl\/server\.key in \/srv\/mysql\/data is the server's own and goes over to the new data, and mysql can't read it/,
    ],
    [
      'would not let the donor in',
      { listener: { state: 'closed', why: "what root's shell said: This account is currently not available." } },
      /a sshd of the job's would not let db\d in: .* not available/,
    ],
    [
      'has binary logs in a folder of the datadir that the donor has not',
      { places: placesOf('db3', { binlog: '/srv/mysql/data/binlogs/mysql-bin' }) },
      /binary logs: in the folder binlogs of the datadir here, at the top of the datadir on db2/,
    ],
    [
      'is older than the donor',
      { program: 'mysqld  Ver 8.4.3 for Linux' },
      /MySQL 8.4.3 is older than the donor's MySQL 9.7.4/,
    ],
    [
      'is of another vendor',
      { program: 'mysqld  Ver 10.11.19-MariaDB' },
      /MariaDB 10.11.19 can't start on the data of MySQL 9.7.4/,
    ],
    ['is not installed', { program: '' }, /the version of db3 is not known/],
    [
      'has another page size',
      { variables: { server_id: '13', innodb_page_size: '4096' } },
      /innodb_page_size is 4096 here/,
    ],
    ['has the server_id of another', { variables: { server_id: '11' } }, /server_id 11 is db1's too/],
    [
      'has a page size that its files say in another way',
      { variables: { server_id: '12', innodb_page_size: '16K' } },
      /^db3: server_id 12 is db2's too$/,
    ],
    ['has no sshd', { tools: ['tar', 'cksum', 'ssh-keygen'] }, /db3 has no sshd/],
    [
      'was left half seeded',
      { half: ['/srv/mysql/data/.reseed-cafe: job cafe of anna@jump2'] },
      /another seed left its data here.*anna@jump2/,
    ],
  ])('where the target %s', (_, facts, why) => {
    expect(findings('refuse', side('db2'), [side('db3', facts)]).join('\n')).toMatch(why);
  });

  test('where a seed gave up its old data and ended, it can be seeded; it is no donor', () => {
    const given = { gone: ['/srv/mysql/data/.reseed-cafe: job cafe of anna@jump2'] };
    expect(findings('refuse', side('db2'), [side('db3', given)])).toEqual([]);
    expect(findings('warn', side('db2'), [side('db3', given)]).join('\n')).toMatch(/db3: its data is not whole.*cafe/);
    expect(findings('refuse', side('db2', given), [side('db3')]).join('\n')).toMatch(
      /was not whole when a seed ended.*cafe/,
    );
  });

  test('where a job of this journal left it half seeded, advises that job itself: clean keeps the data that it needs', () => {
    const half = ['/srv/mysql/data/.reseed-cafe: job cafe of anna@jump2'];
    const adviceOf = (change: Partial<SeedRequest>) =>
      [request(side('db2'), [side('db3', { half })]), request(side('db2', { half }), [side('db3')])].map(
        (one) => preflight({ ...one, ...change }).find(({ text }) => text.includes('.reseed-cafe'))?.advice,
      );
    const unclean = 'it is of job 41, which could not undo all: reseed job abort 41';
    expect(adviceOf({ uncleanJobs: new Map([['cafe', 41]]) })).toEqual([unclean, unclean]);
    const open = 'it is of job 41, which is not over: reseed job show 41';
    expect(adviceOf({ openJobs: new Map([['cafe', 41]]) })).toEqual([open, open]);
    expect(adviceOf({ uncleanJobs: new Map([['beef', 41]]) })).toEqual([
      'if that job does not go on: reseed clean db3',
      'if that job does not go on: reseed clean db2',
    ]);
  });

  test('where a job works now, with its lock alone: nothing is to be cleaned away under it', () => {
    const half = ['/srv/mysql/data/.reseed-cafe: job cafe of anna@jump2'];
    const busy = { half, locked: { job: 'cafe', who: 'anna@jump2' } };
    for (const texts of [
      findings('refuse', side('db2', busy), [side('db3')]),
      findings('refuse', side('db2'), [side('db3', busy)]),
    ]) {
      expect(texts.join('\n')).toContain('is locked by job cafe of anna@jump2');
      expect(texts.join('\n')).not.toMatch(/reseed clean|not whole|left its data/);
    }
  });

  test('where its server runs and gives no answer: that is not a server that is down', () => {
    const target = side('db3');
    const silent = {
      ...target,
      report: { ...target.report, server: { ok: false, why: 'Access denied (1045)' } as const },
    };
    const texts = findings('refuse', side('db2'), [silent]).join('\n');
    expect(texts).toContain('its server runs, and who uses it is not known: Access denied (1045)');
    expect(texts).not.toContain('its server is down');
    // systemctl reported `active`, and the probe after it found no process: two moments, so no server is known to run.
    const down = { ...silent, report: { ...silent.report, server: { ok: false, why: 'the server is down' } as const } };
    const moved = findings('refuse', side('db2'), [down]).join('\n');
    expect(moved).toContain('its server starts or stops now: the server is down');
    expect(moved).not.toMatch(/its server runs|reseed stop/);
    // A job that works there stops and starts the server. Its lock refuses the seed, and the advice must not be to stop
    // the server.
    const locked = { ...silent, facts: { ...silent.facts, locked: { job: 'cafe', who: 'anna@jump2' } } };
    const held = findings('refuse', side('db2'), [locked]).join('\n');
    expect(held).toContain('is locked by job cafe');
    expect(held).not.toMatch(/its server|who uses|reseed stop/);
  });

  test('but not where systemd starts it over and over on broken data: it may be up for a moment', () => {
    const target = side('db3');
    const { service } = target.report;
    const looping = {
      ...target,
      report: {
        ...target.report,
        ...(service?.ok && { service: { ok: true, value: { ...service.value, state: 'activating' } } as const }),
        server: { ok: false, why: "ERROR 2002 (HY000): Can't connect to local MySQL server" } as const,
      },
    };
    expect(findings('refuse', side('db2'), [looping]).join('\n')).not.toContain('who uses it is not known');
    expect(findings('unknown', side('db2'), [looping])).toContain(
      'db3: its server starts or stops: it took no connection just now, and may be up for a moment',
    );
    // Between two of its starts it has no process.
    const gone = {
      ...looping,
      report: { ...looping.report, server: { ok: false, why: 'the server is down' } as const },
    };
    expect(findings('refuse', side('db2'), [gone]).join('\n')).not.toContain('starts or stops now');
    const looped = {
      ...looping,
      report: { ...looping.report, ...loop(looping.report), replication: looping.report.server },
    };
    expect(findings('unknown', side('db2'), [looped])).toContain(
      'db3: mysql is crash-looping (4 restarts in 31 s): it took no connection just now, and may be up for a moment',
    );
    const all = preflight(request(side('db2'), [looped])).map(({ text }) => text);
    expect(all.filter((text) => /starts or stops|server is (?:down|not up)/.test(text))).toEqual([]);
    expect(roleWords(looped.report)).toMatch(/^role unknown: mysql is crash-looping \(4 restarts in 31 s\)/);
    expect(impactOfStop('db3', looped.report)).toEqual([
      'replicas of db3: unknown (mysql is crash-looping (4 restarts in 31 s))',
    ]);
  });

  test('if no host has an account to replicate with; passes with a file that has one', () => {
    const donor = side('db1');
    const lonely = request(donor, [side('db6')], { others: [] });
    const refused = preflight(lonely).filter(({ level }) => level === 'refuse');
    expect(refused.map(({ text }) => text)).toEqual(['no account is known that replicates from 10.77.0.11:3306']);
    expect(isRefused(preflight({ ...lonely, accountFile: '/root/repl.cnf' }))).toBe(false);
    // On a busy jump host the replicas that have the account do not answer in time.
    const { host } = side('db2');
    const away = 'db2 gave no answer within 30 s';
    const busy = preflight(request(donor, [side('db6')], { others: [{ host, report: {}, away }] }));
    expect(busy.filter(({ level }) => level === 'refuse').map(({ text }) => text)).toEqual([
      `no account is known that replicates from 10.77.0.11:3306; whether these have one is not known, they did not tell of their replication: db2 (${away})`,
    ]);
  });

  test('where a target of the same job alone has the account: that it can be seeded without that one is said', () => {
    const two = request(side('db1'), [side('db3'), side('db6')], { others: [] });
    const refused = preflight(two).filter(({ level }) => level === 'refuse');
    expect(refused).toMatchObject([
      {
        host: 'db6',
        advice: expect.stringContaining('; or seed db6 in a job without db3, whose server has the account'),
      },
    ]);
  });
});

describe('a seed is warned of', () => {
  test('an init_file of a target, which is left out: what it writes would end the first start', () => {
    const { places } = side('db3').facts;
    const target = side('db3', { places: [...places, { kind: 'init-file', path: '/etc/mysql/init.sql' }] });
    expect(findings('warn', side('db2'), [target])).toContainEqual(
      expect.stringContaining('its init_file /etc/mysql/init.sql is left out until the next ordinary restart'),
    );
    expect(findings('warn', side('db2'), [side('db3')]).join()).not.toContain('init_file');
  });

  test('what was set by hand on a MySQL target and is lost by its restart: nothing told max_connections', () => {
    const byHand = [
      { name: 'event_scheduler', value: 'OFF' },
      { name: 'init_connect', value: '' },
      { name: 'max_connections', value: '60' },
      { name: 'authentication_shop_key' },
    ];
    expect(findings('warn', side('db2'), [side('db3', { byHand })])).toContainEqual(
      expect.stringContaining(
        "set by hand since the start of db3, and lost by its restart where no option file has it: init_connect = '', max_connections = 60, authentication_shop_key (not shown)",
      ),
    );
    const untold = findings('unknown', side('db2'), [side('db3', { unanswered: ['by_hand'] })]);
    expect(untold.join()).toContain('which variables of db3 were set by hand since its start: unknown');
    expect(findings('warn', side('db2'), [side('db3')]).join()).not.toContain('by hand');
  });

  test('what SET PERSIST has set on a target and only a restart brings back: it was gone after the seed, and nothing told so', () => {
    const persisted = [
      { name: 'init_connect', value: "SET @a = 'x'", byStart: false },
      { name: 'innodb_read_io_threads', value: '3', byStart: true },
      { name: 'mysqlx_port', value: '33099', byStart: true },
      { name: 'skip_replica_start', value: 'ON', byStart: true },
      { name: 'read_only', value: 'ON', byStart: false },
      { name: 'super_read_only', value: 'OFF', byStart: false },
    ];
    const target = side('db3', { persisted });
    expect(findings('warn', side('db2'), [target])).toContainEqual(
      expect.stringContaining('only from its first restart after the seed on: mysqlx_port, super_read_only'),
    );
    expect(findings('pass', side('db2'), [target])).toContain(
      'db3: what SET PERSIST has set on db3 holds after its seed as well: init_connect, innodb_read_io_threads, skip_replica_start, read_only',
    );
    const untold = findings('unknown', side('db2'), [side('db3', { unanswered: ['persisted'] })]);
    expect(untold.join()).toContain('what SET PERSIST has set on db3: unknown');
    expect(findings('warn', side('db2'), [side('db3')]).join()).not.toContain('PERSIST');
  });

  test('no init_file /dev/null, which the seed before has put there: the advice was to run by hand what it needs of that file', () => {
    const { places } = side('db3').facts;
    const target = side('db3', { places: [...places, { kind: 'init-file', path: '/dev/null' }] });
    expect(findings('warn', side('db2'), [target]).join()).not.toContain('init_file');
  });

  test('a donor that is behind, or has tables that no crash recovery knows: they are named', () => {
    expect(findings('warn', lagging({ lagSeconds: 90 }), [side('db3')])).toContain('db2: it is 90 s behind');
    const odd = side('db2', { foreignEngines: ['MyISAM 12 shop.a, shop.b, shop.c'] });
    expect(findings('warn', odd, [side('db3')]).join()).toContain('12 MyISAM tables (shop.a, shop.b, shop.c, …)');
  });

  test('tables and events that a login may not see are unknown, and not none', () => {
    const { events: _, ...facts } = side('db2').facts;
    const more = { unanswered: ['foreign_engine'], unseen: ['SELECT', 'EVENT'], foreignEngines: ['MyISAM 1 shop.a'] };
    const donor = { ...side('db2'), facts: { ...facts, ...more } };
    expect(findings('unknown', donor, [side('db3')])).toContain(
      "db2: tables that are not InnoDB's (a copy has no rows of MEMORY tables): unknown, the account that reseed logs in with has no SELECT on *.*",
    );
    const warned = findings('warn', donor, [side('db3')]).join('\n');
    expect(warned).toContain('1 MyISAM table (shop.a)');
    expect(warned).toContain('is not known, the account that reseed logs in with has no EVENT on *.*');
  });

  describe('events of the donor, which the target would run besides its source', () => {
    const tick = { schema: 'shop', name: 'ti`ck', definer: 'ad@min@%' };
    const warned = (events?: SeedFacts['events'], donor = 'db1', program = {}) => {
      const { events: _, ...facts } = side(donor).facts;
      const given = { ...side(donor), facts: { ...facts, ...(events && { events }), ...program } };
      const target = side('db3', program);
      return preflight(request(given, [target])).filter(
        ({ level, text }) => level === 'warn' && text.includes('event'),
      );
    };

    test('they are named, with the statements that disable them on the target and keep whose they are', () => {
      const [finding] = warned({ count: 5, first: [tick] });
      expect(finding?.text).toMatch(/^5 events are enabled \(shop.ti`ck, …\): .*replication breaks$/);
      expect(finding?.text).toContain('stays off until the first restart after the seed');
      expect(finding?.advice).toContain(
        'SET sql_log_bin = 0; ALTER DEFINER = `ad@min`@`%` EVENT `shop`.`ti``ck` DISABLE ON REPLICA;',
      );
      expect(finding?.advice).toMatch(/each such event/);
    });

    test('a target whose options, or default, keep its scheduler off runs none after its restart: the plan said that it would', () => {
      const given = { ...side('db1'), facts: { ...side('db1').facts, events: { count: 5, first: [tick] } } };
      const program = { program: 'mysqld  Ver 5.7.44 for Linux on x86_64 (MySQL Community Server - GPL)' };
      const asked = (value: string) => {
        const { facts, ...more } = side('db3', program);
        const { nextStart: _, ...known } = facts;
        const target = { ...more, facts: { ...known, variables: { ...facts.variables, event_scheduler: value } } };
        return preflight(request(given, [target])).filter(({ text }) => text.includes('event'));
      };
      expect(asked('OFF')).toMatchObject([
        { level: 'pass', text: expect.stringContaining('stays off at its next start') },
      ]);
      expect(asked('ON')).toMatchObject([{ level: 'warn', text: expect.not.stringContaining('where its options') }]);
      expect(warned({ count: 5, first: [tick] })[0]?.text).toContain(
        'where its options have event_scheduler = ON, it runs',
      );
    });

    test('an older server gets the word that it knows', () => {
      const program = { program: 'mysqld  Ver 8.0.36 for Linux on x86_64 (MySQL Community Server - GPL)' };
      const [finding] = warned({ count: 1, first: [tick] }, 'db1', program);
      expect(finding?.text).toMatch(/^1 event is enabled \(shop.ti`ck\):/);
      expect(finding?.advice).toMatch(/DISABLE ON SLAVE;$/);
    });

    test('a name that no terminal takes is in no statement', () => {
      const [finding] = warned({ count: 1, first: [{ ...tick, name: 'a\u001b[31mb' }] });
      expect(`${finding?.text}${finding?.advice}`).not.toContain('\u001b');
      expect(finding?.advice).not.toContain('ALTER');
    });

    test('none is nothing to say; not known is said', () => {
      expect(warned({ count: 0, first: [] })).toEqual([]);
      expect(warned()[0]?.text).toMatch(/^whether it has events that are enabled is not known/);
    });
  });
});

describe('a primary that is rebuilt from one of its replicas', () => {
  test('follows that replica, and never itself', () => {
    const dead = side('db1', {}, { server: { ok: false, why: 'it is down' } });
    const text = (follow?: 'source') =>
      preflight(request(side('db2'), [dead], { accountFile: '/root/repl.cnf', ...(follow && { follow }) })).map(
        (one) => one.text,
      );
    expect(text()).toContain('will replicate from db2, by GTID, as the account in /root/repl.cnf');
    expect(text('source')).toContain('it would replicate from itself: it is what the donor follows');
  });
});

test('a target whose client root may not run is refused before anything is held: its server was not asked, after all the copying', () => {
  const why = '/usr/local/mysql/bin/mysql would be run as root: bin belongs to another account than root';
  expect(findings('refuse', side('db2'), [side('db3', { unasked: why })])).toEqual([
    `db3: whether its server takes connections can not be asked: ${why}`,
  ]);
});

test('a target whose unit starts its server by a script of the shop is refused before anything is held', () => {
  const target = side('db3', { unheld: '/opt/shop/start-db' });
  expect(findings('refuse', side('db2'), [target])).toEqual([
    'db3: its unit starts the server by a command that hands on no further options, or that reseed does not understand: /opt/shop/start-db',
  ]);
});
