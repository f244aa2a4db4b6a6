// What a salvage is refused for, and what its plan says.
import { describe, expect, test } from 'vitest';
import { isWhole, lookJson, lookLines } from '../../src/commands/jobs/salvage/look-lines.ts';
import { draftFrom } from '../../src/operations/salvage/draft.ts';
import { logWithAll } from '../../src/operations/salvage/look.ts';
import { hasOf } from '../../src/salvage/gtids.ts';
import type { ReplicationState } from '../../src/seed/replica/source/replication-state.ts';
import { hostNamed, pictureOf } from '../live/pictures.ts';
import { channel, state, tailFrom, tailText, uuid, who } from './salvaging.ts';

const subject = (name: string) => {
  const { host, report } = hostNamed(pictureOf('trouble'), name);
  return { host, report, target: { name, host: name, transport: 'auto', sudo: false } as const };
};
const author = { key: 'cafe', who, nowMs: 0 };

interface Case {
  readonly state?: ReplicationState;
  readonly behind?: ReplicationState;
  readonly text?: string;
}

function drafted({ text = tailText('mysql-9.7'), ...more }: Case = {}) {
  const look = {
    state: state('mysql', `${uuid}:1-56`),
    behind: state('mysql', `${uuid}:1-46`),
    ...more,
    log: 'binlog',
    has: '',
    tail: tailFrom(text),
  } as const;
  return draftFrom({ from: subject('db2'), to: subject('db3') }, look, author);
}
const refused = (one: Case) => {
  const { planned } = drafted(one);
  return planned.ok ? 'planned' : planned.message;
};
const maria = (one: Case = {}) => ({
  text: tailText('mariadb-10.11'),
  state: state('mariadb', '0-14-64'),
  behind: state('mariadb', '0-14-54'),
  ...one,
});

describe('a salvage of a MySQL', () => {
  test('names every transaction, and what runs with all rights, before it is agreed to by the name of the target', () => {
    const { planned, impact, name, checks = [], kept } = drafted();
    expect(planned.ok && planned.plan.title).toBe('salvage db2 → db3: 10 transactions');
    expect(name).toBe('db3');
    expect(impact).toEqual([
      `10 transactions (4.1K) of db2 are applied on db3, and can't be taken back: ${uuid}:47-56`,
    ]);
    expect(checks.filter(({ level }) => level === 'warn').map(({ text }) => text)).toEqual([
      '150b088a…:49 is applied with all rights: CREATE TABLE drill.extra (id INT PRIMARY KEY, t TEXT, j JSON)',
      "150b088a…:52 is applied with all rights: CREATE USER 'salvaged'@'localhost' IDENTIFIED ...",
      "150b088a…:53 is applied with all rights: GRANT SELECT ON `drill`.* TO 'salvaged'@'localhost'",
    ]);
    expect(kept).toContain('the replication of db3 stays stopped');
  });

  test('warns that what the other host has not applied would be deleted where that becomes the primary', () => {
    const unapplied = { channel: { ...channel, gtidRetrieved: `${uuid}:40-56` } };
    const { checks = [] } = drafted({ state: state('mysql', `${uuid}:1-49`, unapplied) });
    expect(checks).toContainEqual({
      host: 'db2',
      level: 'warn',
      text: `it has received and not applied ${uuid}:50-56, which are in its relay logs alone`,
      advice: 'before it becomes the primary, let its applier end: RESET REPLICA ALL deletes them',
    });
    expect(drafted().checks).not.toContainEqual(
      expect.objectContaining({ text: expect.stringContaining('relay logs') }),
    );
  });

  test.each<[string, Case]>([
    [`db3: it has diverged: db2 does not have ${uuid}:77`, { behind: state('mysql', `${uuid}:1-46:77`) }],
    [
      'db3: its replication runs: receiver connecting, applier running; it may get them by itself',
      {
        behind: state('mysql', `${uuid}:1-46`, {
          channel: { ...channel, ioThread: 'connecting', sqlThread: 'running' },
        }),
      },
    ],
    [
      `db2: its binary logs do not have ${uuid}:40-46, which it received: they were purged`,
      { behind: state('mysql', `${uuid}:1-39`) },
    ],
    [
      `db2: its binary logs do not have ${uuid}:57-60, which it received: they were purged`,
      { state: state('mysql', `${uuid}:1-56`, { channel: { ...channel, gtidRetrieved: `${uuid}:40-60` } }) },
    ],
    [
      `db3: it has received and not applied ${uuid}:47-48`,
      { behind: state('mysql', `${uuid}:1-46`, { channel: { ...channel, gtidRetrieved: `${uuid}:40-48` } }) },
    ],
    [
      'db2: a statement may hide others: a statement with the delimiter of mysqlbinlog in it, at relay.000002:30368',
      { text: tailText('mysql-9.7', true) },
    ],
    [
      'db2: its binary log may lack rows under their GTIDs: Replicate_Ignore_DB audit, replica_skip_errors 1062',
      {
        state: state('mysql', `${uuid}:1-56`, {
          channel: { ...channel, filters: ['Replicate_Ignore_DB audit'] },
          passedOver: ['replica_skip_errors 1062'],
        }),
      },
    ],
    [
      `db2: another channel has received ${uuid}:47-50: it would be applied after later ones`,
      {
        text: tailText('mysql-9.7').replace(
          `run\t${uuid}\t47\t56`,
          `run\t${uuid}\t51\t56\nlog\t1\t900\t/var/lib/mysql/relay-x.000002\nrun\t${uuid}\t47\t50`,
        ),
      },
    ],
  ])('is refused: %s', (message, one) => {
    expect(refused(one)).toBe(message);
  });

  test('warns of transactions without any change: a filter may have left their rows out', () => {
    const text = tailText('mysql-9.7').replace('\trows\t0\t2\t0\t0\t', '\tempty\t0\t0\t0\t0\t');
    const { checks = [] } = drafted({ text });
    expect(checks.map(({ level, text: said }) => `${level} ${said}`)).toContain(
      'warn 1 transaction without any change: 150b088a…:50; a filter, or a server that wrote them so, may have left rows out',
    );
  });

  test('is refused where the target takes writes', () => {
    const behind = state('mysql', `${uuid}:1-46`);
    expect(refused({ behind: { ...behind, server: { ...behind.server, readOnly: false } } })).toBe(
      'db3: it takes writes (read_only is off)',
    );
  });

  test('is planned although the last transaction has no end in the log, and says that it is left out', () => {
    const text = tailText('mysql-9.7').replace('\nrun', `\npart\t0\t30921\t${uuid}:57\nrun`);
    const from = state('mysql', `${uuid}:1-56`, { channel: { ...channel, gtidRetrieved: `${uuid}:1-57` } });
    const { planned, checks = [] } = drafted({ text, state: from });
    expect(planned.ok).toBe(true);
    expect(checks.map(({ text: said }) => said)).toContain(`${uuid}:57 has no end in the log: it is left out`);
  });

  test('has nothing to do where nothing is lacking', () => {
    const text = 'log\t0\t62000\t/var/lib/mysql/relay.000002\ncount\t0\t0\t0\nend\n';
    expect(drafted({ text, behind: state('mysql', `${uuid}:1-56`) }).planned).toMatchObject({ nothingToDo: true });
  });

  test('does not say that nothing is lacking where the logs have not what was received, or can not be read', () => {
    const text = 'log\t0\t62000\t/var/lib/mysql/relay.000002\ncount\t0\t0\t0\nend\n';
    expect(drafted({ text }).planned).toMatchObject({
      message: `db2: its binary logs do not have ${uuid}:47-56, which it received: they were purged`,
    });
    const torn = text.replace('end', 'torn\t0\tmysqlbinlog ended with 1\nend');
    const { planned } = drafted({ text: torn, behind: state('mysql', `${uuid}:1-56`) });
    expect(planned).toMatchObject({
      message: 'db2: relay.000002 can not be read to its end: mysqlbinlog ended with 1',
    });
    expect(planned).not.toHaveProperty('nothingToDo');
  });
});

describe('a salvage of a MariaDB', () => {
  const failedOver = state('mariadb', '0-14-64', { binlogState: '0-14-64,0-2-100' });
  const plannedOf = (one: Case) => drafted(one).planned;

  test('names the numbers of each domain, and what the target has afterwards', () => {
    const planned = plannedOf(maria({ text: tailText('mariadb-10.11') }));
    expect(planned.ok && planned.plan.steps.at(-1)?.input).toEqual({ vendor: 'mariadb', expected: '0-14-64' });
  });

  test.each<[string, Case]>([
    [
      'db2: its binary logs do not have 0-14-51..54, which it received: or the numbers of its domain have a gap',
      maria({ behind: state('mariadb', '0-14-50') }),
    ],
    [
      'db3: it has diverged: db2 does not have 0-13-55',
      maria({ behind: state('mariadb', '0-14-54', { binlogState: '0-14-54,0-13-55' }) }),
    ],
    [
      'db3: it may be lacking 0-14-55..64: db3 has later numbers of their domain, and does not tell whether it has those of their server',
      maria({ state: failedOver, behind: state('mariadb', '0-2-100') }),
    ],
    [
      'db3: it has later numbers of their domain than 0-14-55..64: its log would be out of order',
      maria({ state: failedOver, behind: state('mariadb', '0-2-100', { binlogState: '0-2-100,0-14-54' }) }),
    ],
    [
      'db3: it replicates by file and position (Using_Gtid: No): its source would send them once more',
      maria({ behind: state('mariadb', '0-14-54', { channel: { ...channel, autoPosition: false } }) }),
    ],
    [
      'db2: its binary logs do not have 0-14-65..70, which it received: or the numbers of its domain have a gap',
      maria({ state: state('mariadb', '0-14-70') }),
    ],
  ])('is refused: %s', (message, one) => {
    expect(refused(one)).toBe(message);
  });
});

test('the relay log is read where something was received and not applied, or was purged from the binary log', () => {
  const from = state('mysql', `${uuid}:1-56`);
  expect(logWithAll(from, `${uuid}:1-46`)).toBe('binlog');
  expect(logWithAll({ ...from, channel: { ...channel, gtidRetrieved: `${uuid}:1-60` } }, `${uuid}:1-46`)).toBe('relay');
  expect(logWithAll({ ...from, logsReplicated: false }, `${uuid}:1-46`)).toBe('relay');
  // What a filter leaves out stands in the binary log as an empty transaction.
  expect(logWithAll({ ...from, leftOut: ['binlog_ignore_db audit'] }, `${uuid}:1-46`)).toBe('relay');
  const purged = { ...from, server: { ...from.server, gtidPurged: `${uuid}:1-50` } };
  expect(logWithAll(purged, `${uuid}:1-46`)).toBe('relay');
  expect(logWithAll(purged, `${uuid}:1-52`)).toBe('binlog');
});

describe('what is listed', () => {
  const request = { from: subject('db2'), start: { by: 'host', host: subject('db3') } } as const;
  const nothing = 'log\t0\t62000\t/var/lib/mysql/relay.000002\ncount\t0\t0\t0\nend\n';
  const look = (log: 'relay' | 'binlog', from: ReplicationState, has: string, text = nothing) =>
    ({ state: from, log, has, tail: tailFrom(text) }) as const;

  test('says where the logs have not what was received: applied relay logs are gone, a binary log is purged', () => {
    const found = look('relay', state('mysql', `${uuid}:1-56`), `${uuid}:1-46`);
    expect(lookLines(request, found, 40)).toEqual([
      'the relay logs of db2 have 0 transactions that db3 lacks (0B)',
      `! db2: its relay logs do not have ${uuid}:47-56, which it received: they were purged. db3 may be lacking them: try --binlog`,
    ]);
    expect(lookJson(request, found)).toMatchObject({ count: 0, missing: `${uuid}:47-56` });
    expect(isWhole(request, found)).toBe(false);
    expect(isWhole(request, look('relay', state('mysql', `${uuid}:1-46`), `${uuid}:1-46`))).toBe(true);
  });

  test('says it of a MariaDB too, whose new primary has later numbers', () => {
    const old = state('mariadb', '0-14-64');
    expect(lookJson(request, look('binlog', old, '0-14-54'))).toMatchObject({ missing: '0-14-55..64' });
    expect(lookJson(request, look('binlog', old, '0-2-100'))).toMatchObject({ missing: '0-14-64' });
    const found = look('binlog', old, '0-2-100', tailText('mariadb-10.11'));
    expect(lookJson(request, found)).toMatchObject({ count: 10, missing: '', mayBeLacking: '0-14-55..64' });
    expect(lookLines(request, found, 40).at(-1)).toBe(
      '! may be lacking: 0-14-55..64; db3 has later numbers of their domain, and does not tell whether it has those of their server',
    );
  });

  test('does not let the last seconds of a healthy fleet read as lost', () => {
    const runs = { ...channel, ioThread: 'running' as const, sqlThread: 'running' as const };
    const behind = { ...state('mysql', `${uuid}:1-46`), channel: runs };
    const found = { ...look('binlog', state('mysql', `${uuid}:1-56`), `${uuid}:1-46`, tailText('mysql-9.7')), behind };
    expect(lookLines(request, found, 40)).toContainEqual(
      '! db3 replicates from 10.77.0.11:3306, receiver and applier run: it may get these by itself. Ask again; what is to be salvaged stays the same',
    );
    expect(lookLines(request, { ...found, hasCome: true }, 40)).toContainEqual(
      '! db3 was asked first, replicates, and has all of these by now: it lacks nothing of them',
    );
    expect(lookLines(request, { ...found, behind: { ...behind, channel } }, 40).join()).not.toContain('by itself');
  });

  test('names what came by another channel and is in none of the logs', () => {
    const further = [{ channel: { ...channel, name: 'audit', gtidRetrieved: `${uuid}:50` }, delaySeconds: 0 }];
    const found = look('relay', state('mysql', `${uuid}:1-46`, { further }), `${uuid}:1-46`);
    expect(lookLines(request, found, 40).at(-1)).toContain(`its relay logs do not have ${uuid}:50, which it received`);

    expect(lookJson(request, found)).toMatchObject({ missing: `${uuid}:50` });
    expect(isWhole(request, found)).toBe(false);
  });

  test('leaves out what a MariaDB names of each server', () => {
    const from = state('mariadb', '0-2-100', { binlogState: '0-2-100,0-1-90', slaveGtid: '0-2-99' });
    expect(hasOf(from)).toBe('0-2-100,0-1-90');
  });
});
