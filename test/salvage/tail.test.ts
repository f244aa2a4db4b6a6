// The transactions of logs, from the output of salvage-look.sh as it was recorded on hosts of the fleet.
import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import type { HostReport } from '../../src/host/facts.ts';
import { lackedBy } from '../../src/salvage/ahead.ts';
import { lackedCount, lackedText, runsText, unsureText } from '../../src/salvage/gtids.ts';
import { shownOf, tailWarnings, transactionCells } from '../../src/salvage/lines.ts';
import { readTail, type Tail } from '../../src/salvage/tail.ts';
import { hostNamed, pictureOf } from '../live/pictures.ts';
import { state } from './salvaging.ts';

const recorded = (name: string) => readFile(new URL(`../fixtures/${name}/salvage-look.txt`, import.meta.url), 'utf8');

async function tailOf(name: string): Promise<Tail> {
  const tail = readTail(await recorded(name));
  if (!tail) throw new Error('it was not read');
  return tail;
}
const uuid = '150b088a-eae8-11f1-b802-525400770011';

describe('the tail of a log', () => {
  test('of a MySQL has its transactions as a set, with kinds, rows and statements', async () => {
    const tail = await tailOf('mysql-9.7');
    expect(runsText('mysql', tail.runs)).toBe(`${uuid}:47-56`);
    expect(tail.transactions.map(({ kind }) => kind).join(' ')).toBe(
      'rows rows ddl rows rows account account rows statement rows',
    );
    expect(tail.count).toBe(10);
    const [, , , inserted] = tail.transactions;
    expect(inserted && transactionCells(inserted).slice(1)).toEqual(['150b088a…:50', 'rows', '303B', '+2 drill.extra']);
  });

  test('of a MariaDB has the first and the last number of each server', async () => {
    const tail = await tailOf('mariadb-10.11');
    expect(runsText('mariadb', tail.runs)).toBe('0-14-55..64');
    expect(tail.logs).toEqual([
      { path: '/var/lib/mysql/relay.000002', size: 62_000, parts: [{ at: 42_587, end: 46_539 }] },
    ]);
  });

  test('of a transaction that begins at the end of a log is not called without its end where its channel goes on', () => {
    const of = (...lines: string[]) =>
      readTail(`${['log\t0\t900\t/d/relay.000002', ...lines].map((line) => `${line}\n`).join('')}end\n`);
    const further = 'log\t1\t900\t/d/relay.000003';
    const part = 'part\t0\t800\t0-1-51';
    expect(of(part)).toMatchObject({ unfinished: ['0-1-51'], split: [] });
    expect(of(part, 'log\t1\t900\t/d/relay-eu.000001')).toMatchObject({ unfinished: ['0-1-51'], split: [] });
    const split = of(part, further);
    expect(split).toMatchObject({ unfinished: [], split: ['0-1-51'] });
    expect(split && tailWarnings(split)[0]).toContain(
      '0-1-51 begins at the end of a log, and its channel has a further one',
    );
    // Its source sent it again.
    expect(of(part, further, 'run\t0-1\t51\t52')).toMatchObject({ split: [], unfinished: ['0-1-51'] });
  });

  test('shows no secret of a statement', () => {
    const tx = (text: string) => `tx\t0\t4\t90\t${uuid}:1\t1700000000\t2\tstatement\t1\t0\t0\t0\tshop\t-\t${text}`;
    const lines = [
      'log\t0\t900\t/d/relay.000002',
      tx("UPDATE users SET passwd = 'hunter2'"),
      tx("INSERT INTO t VALUES (AES_DECRYPT(a, 'hunter2'))"),
      "odd\t0\t90\ta statement that no server logs: CHANGE MASTER TO MASTER_PASSWORD = 'hunter2'",
    ];
    const tail = readTail(`${lines.join('\n')}\nend\n`);
    expect(tail?.transactions.map(({ text }) => text)).toEqual([
      'UPDATE users SET passwd ...',
      'INSERT INTO t VALUES (AES_DECRYPT ...',
    ]);
    expect(tail?.odd).toEqual([
      'a statement that no server logs: CHANGE MASTER TO MASTER_PASSWORD ..., at relay.000002:90',
    ]);
  });

  test('shows the hash of no password', async () => {
    expect(await recorded('mysql-9.7')).not.toContain('$A$');
    expect((await tailOf('mysql-9.7')).transactions.find(({ kind }) => kind === 'account')?.text).toBe(
      "CREATE USER 'salvaged'@'localhost' IDENTIFIED ...",
    );
  });

  test('lists DDL and accounts even where the list is short', async () => {
    const { shown, hidden } = shownOf(await tailOf('mysql-9.7'), 1);
    expect(shown.map(({ kind }) => kind)).toEqual(['rows', 'ddl', 'account', 'account']);
    expect(hidden).toBe(6);
  });

  test('warns of a statement that holds the delimiter of mysqlbinlog', async () => {
    expect(tailWarnings(await tailOf('mysql-9.7'))).toEqual([
      'a statement may hide others: a statement with the delimiter of mysqlbinlog in it, at relay.000002:30368',
    ]);
  });

  test('is not read where a line is none of the script', async () => {
    const text = await recorded('mysql-9.7');
    expect(readTail(text.replace('end\n', ''))).toBeUndefined();
    expect(readTail(text.replace('\nrun\t', '\nran\t'))).toBeUndefined();
    expect(readTail(text.replace(`\t${uuid}:47\t`, '\t$(id)\t'))).toBeUndefined();
    expect(readTail(text.replace('\trows\t', '\tharmless\t'))).toBeUndefined();
  });
});

test('what one host has and another lacks: a set of MySQL, numbers of each domain of MariaDB', () => {
  expect(lackedText('mysql', `${uuid}:1-110`, `${uuid}:1-46:50`)).toBe(`${uuid}:47-49:51-110`);
  expect(lackedText('mariadb', '0-14-125,1-15-3', '0-14-57')).toBe('0-14-58..125,1-15-1..3');
  expect(lackedCount('mariadb', '0-14-125,1-15-3', '0-14-57')).toBe(71);
});

test('what a MariaDB lacks of a dead primary is not hidden by later numbers of the new one', () => {
  expect(lackedText('mariadb', '0-1-99', '0-2-100')).toBe('0-1-99');
  expect(lackedText('mariadb', '0-1-99,0-2-100', '0-1-90,0-2-100')).toBe('0-1-91..99');
  expect(lackedText('mariadb', '0-2-100', '0-1-90')).toBe('0-2-91..100');
  const runs = [{ name: '0-1', first: 91n, last: 99n, log: 0 }];
  expect(unsureText('mariadb', '0-2-95', runs)).toBe('0-1-91..95');
  expect(unsureText('mariadb', '0-1-90,0-2-100', runs)).toBe('');
});

test('the console offers a host with lost transactions of the old primary, although the target has later numbers', () => {
  const { host: _host, report } = hostNamed(pictureOf('trouble'), 'db2');
  const withGtid = (gtidExecuted: string): HostReport => ({
    ...report,
    server: { ok: true, value: { ...state('mariadb', gtidExecuted).server } },
    replication: { ok: true, value: { channels: [], replicas: [] } },
  });
  expect(lackedBy(withGtid('0-2-100'), withGtid('0-1-99'))).toBe(1);
  expect(lackedBy(withGtid('0-1-99'), withGtid('0-1-99'))).toBe(0);
});
