import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { requireHostNamed } from '../../src/drill/hosts.ts';
import { reported } from '../../src/drill/status.ts';

/** Recorded from the fleet: `reseed drill ssh HOST /usr/local/lib/drill/report.sh`. */
const recorded = (name: string) => readFileSync(new URL(`../fixtures/${name}.txt`, import.meta.url), 'utf8');

test.each([
  ['db2', 'mysql-9.7/report-broken', /^broken: Worker 1 failed executing transaction .*Duplicate entry '\d+' for key/],
  [
    'db5',
    'mariadb-10.11/report-broken',
    /^broken: Could not execute Write_rows_v1 event on table drill\.ledger; Duplicate/,
  ],
])('%s is said to be broken, and why', (host, file, why) => {
  const facts = reported(requireHostNamed(host), recorded(file));
  expect(facts.replication).toMatch(why);
  expect(facts).toMatchObject({ mysql: 'active', lagSeconds: null });
  expect(facts.ledger).toBeGreaterThan(0);
});

test('a replica that follows has a lag', () => {
  const facts = reported(requireHostNamed('db3'), recorded('mysql-9.7/report-replicating'));
  expect(facts).toMatchObject({ replication: 'replicating', lagSeconds: 0, volume: '/dev/mapper/data--vg-srv--mysql' });
});

test('a server that is down leaves its facts unknown, not zero', () => {
  const { memoryBytes, datadirUsedPercent, ...facts } = reported(
    requireHostNamed('db6'),
    recorded('mysql-9.7/report-down'),
  );
  expect(facts).toEqual({
    mysql: 'inactive',
    version: null,
    replication: null,
    lagSeconds: null,
    ledger: null,
    volume: '/dev/mapper/vg0-mysql',
  });
  expect(memoryBytes).toBeGreaterThan(10e6);
  expect(datadirUsedPercent).toBe(1);
});

test('a lag that the server does not know is unknown', () => {
  const facts = reported(
    requireHostNamed('db5'),
    'mysql=active\nversion=10.11\nio_thread=Yes\nsql_thread=Yes\nlag_seconds=NULL',
  );
  expect(facts).toMatchObject({ replication: 'replicating', lagSeconds: null });
});

test('a host that says nothing usable gives unknown facts', () => {
  expect(Object.values(reported(requireHostNamed('db1'), 'bash: no such file')).every((fact) => fact === null)).toBe(
    true,
  );
});

test('no control character of a host reaches the terminal', () => {
  const facts = reported(requireHostNamed('db1'), 'mysql=act\x1b]52;c;aGk=\x07ive\nversion=9\x1b[31m.7\u202e');
  expect(facts).toMatchObject({ mysql: 'active', version: '9.7' });
});
