// The sessions of servers, as real ones told them on the practice fleet.
import { expect, test } from 'vitest';
import { readProcesses } from '../../src/host/server/processes.ts';
import { recorded, told } from './recordings.ts';

const listOf = (name: string) => told(readProcesses(recorded(name).toString()));

test.each(['mysql-9.7/processes', 'mariadb-10.11/processes'])(
  '%s: a session that sleeps in a transaction comes before idle ones, with the age, locked and changed rows of that',
  (name) => {
    const { sessions, transactions } = listOf(name);
    const asleep = sessions.find(({ command, transaction }) => command === 'Sleep' && transaction);
    expect(asleep).toMatchObject({ idle: false, transaction: { state: 'RUNNING', rowsLocked: 3, rowsModified: 0 } });
    expect(asleep?.transaction?.seconds).toBeGreaterThan(15);
    expect(asleep?.transaction?.waitsSeconds).toBeUndefined();
    expect(told(transactions)).toHaveLength(1);
    const firstIdle = sessions.findIndex(({ idle }) => idle);
    expect(sessions.slice(firstIdle).every(({ idle }) => idle)).toBe(true);
  },
);

test('threads of replication and of the server that wait for work are idle: they have run for as long as the server', () => {
  const mysql = listOf('mysql-9.7/processes').sessions.filter(({ idle }) => idle);
  expect(mysql.map(({ user }) => user)).toContain('event_scheduler');
  expect(mysql.filter(({ user }) => user === 'system user')).toHaveLength(7);
  const mariadb = listOf('mariadb-10.11/processes').sessions;
  expect(mariadb.filter(({ idle, command }) => idle && command === 'Binlog Dump')).toHaveLength(2);
});

test('of the others the longest comes first, and a statement is one line without its password', () => {
  const { sessions, count, asleep } = listOf('mysql-9.7/processes');
  const busy = sessions.filter(({ idle }) => !idle);
  const seconds = busy.map((one) =>
    Math.max(one.command === 'Sleep' ? 0 : (one.seconds ?? 0), one.transaction?.seconds ?? 0),
  );
  expect(seconds).toEqual(seconds.toSorted((one, other) => other - one));
  const statements = busy.map(({ statement }) => statement);
  expect(statements).toContain("SELECT 'a tab', SLEEP(25), 2".replace(', 2', ',     2'));
  expect(statements).toContain('SELECT SLEEP(25) /* 漢 IDENTIFIED ...');
  expect(JSON.stringify(sessions)).not.toContain('hunter2');
  expect([count, asleep]).toEqual([11, 1]);
});

test('a login that may not read transactions has sessions all the same; why the rest is unknown is said', () => {
  const text = recorded('mysql-9.7/processes').toString();
  const [before = ''] = text.split('answer\ntransactions\n');
  const refused = `${before}answer\ntransactions\nERROR 1227 (42000) at line 5: Access denied; you need (at least one of) the PROCESS privilege(s) for this operation\n`;
  const { sessions, transactions } = told(readProcesses(refused));
  expect(sessions.length).toBeGreaterThan(5);
  expect(transactions).toMatchObject({ ok: false, why: expect.stringContaining('PROCESS privilege') });
});

test('a server that is down, or does not answer in time, has no sessions: it is said why', () => {
  const down =
    "ERROR 2002 (HY000): Can't connect to local MySQL server through socket '/var/run/mysqld/mysqld.sock' (2)\n";
  expect(readProcesses(down)).toMatchObject({ ok: false, why: expect.stringContaining('ERROR 2002') });
  const late = 'answer\ncounts\nsessions\tasleep\n11\t1\nERROR: the server did not answer within 8 s\n';
  expect(readProcesses(late)).toMatchObject({ ok: false, why: 'ERROR: the server did not answer within 8 s' });
  expect(readProcesses('')).toMatchObject({ ok: false, why: 'the server gave no whole answer' });
});

test('a transaction without a session is listed: nobody who looks at sessions would find it', () => {
  const text = recorded('mysql-9.7/processes').toString().replace('105\t374933728796600\tRUNNING', '0\t4711\tPREPARED');
  const { sessions } = told(readProcesses(text));
  expect(sessions.find(({ id }) => id === undefined)).toMatchObject({
    state: 'no session',
    transaction: { id: '4711' },
  });
});

test('one that logs in has no time yet: it is unknown, not 0', () => {
  const text = recorded('mysql-9.7/processes')
    .toString()
    .replace('113\troot\tlocalhost\tNULL\tQuery\t0', '113\tunauthenticated user\tconnecting host\tNULL\tConnect\tNULL');
  const one = told(readProcesses(text)).sessions.find(({ id }) => id === 113);
  expect(one).toMatchObject({ user: 'unauthenticated user', idle: false });
  expect(one?.seconds).toBeUndefined();
});
