import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { checkLines } from '../../src/commands/hosts/check-table.ts';
import { parseCheck } from '../../src/host/check.ts';
import { answered, dnsFinding, notAnswered, notLookedUp } from '../../src/operations/hosts/findings.ts';
import { failureOf, good, refused } from '../../src/remote/failure.ts';

const dns = dnsFinding(good({ kind: 'found', name: 'db1.example', addresses: ['192.0.2.1'] }));
/** What check finds where the host answers what a practice host answered. */
function findings(name: string) {
  const facts = parseCheck(readFileSync(new URL(`../fixtures/${name}.txt`, import.meta.url), 'utf8'));
  if (!facts) throw new Error(`${name} was not read`);
  return answered(dns, facts);
}
const db1 = { host: 'db1', findings: findings('mysql-9.7/check-up') };
const db4 = { host: 'db4', findings: findings('mariadb-10.11/check-up') };
const lines = (...hosts: Parameters<typeof checkLines>[0]) =>
  checkLines(hosts).map((line) => line.replace(/ {2,}/g, ' | '));

test('a host where all is well, in one line, with the version as people say it', () => {
  expect(lines(db1, db4)).toEqual([
    'HOST | DNS | SSH | SUDO | TOOLS | MYSQL | LVM',
    'db1 | ✔ | ✔ | ✔ root | ✔ | ✔ 9.7.4 | ✔ vg0/mysql',
    'db4 | ✔ | ✔ | ✔ root | ✔ | ✔ 10.11.19 | ✔ vgcrm/data',
  ]);
});

test('of a host whose name does not exist the rest is said as not asked, once', () => {
  const missing = dnsFinding(good({ kind: 'missing', name: 'db9.example', why: 'no such name' }));
  expect(lines({ host: 'db9', findings: notLookedUp(missing) }).slice(1)).toEqual([
    'db9 | ✖ | – | – | – | – | –',
    expect.stringMatching(/^✖ db9 \| dns: db9\.example: no such name; .*DNS.*\/etc\/hosts.*HostName/),
    '– db9 | ssh, sudo, tools, mysql, lvm: not asked: its address is not known',
  ]);
});

test('behind a jump host the name is not looked up here, and that is no fault', () => {
  const elsewhere = dnsFinding(good({ kind: 'elsewhere', name: 'db5.internal', by: 'db4' }));
  expect(lines({ host: 'db5', findings: { ...db4.findings, dns: elsewhere } }).slice(1)).toEqual([
    'db5 | – | ✔ | ✔ root | ✔ | ✔ 10.11.19 | ✔ vgcrm/data',
    '– db5 | dns: db4 looks db5.internal up',
  ]);
});

test('a login that was refused leaves the rest not asked, and says so', () => {
  const failure = failureOf(refused('it said no', 'ask again'), 'db1', 'check');
  expect(lines({ host: 'db1', findings: notAnswered(dns, failure) }).slice(1)).toEqual([
    'db1 | ✔ | ✖ | – | – | – | –',
    '✖ db1 | ssh: it said no; ask again',
    '– db1 | sudo, tools, mysql, lvm: not asked: ssh login failed',
  ]);
});

test('fits 80 columns: with long names, details beside the ticks are dropped, the least needed first', () => {
  const long = { host: 'shop-database-42.ams1.prod.example.com', findings: db4.findings };
  for (const line of checkLines([db1, long], 80)) expect(line.length).toBeLessThanOrEqual(80);
  expect(checkLines([db1, db4], 80)).toEqual(checkLines([db1, db4]));
  expect(checkLines([long], 80)[1]).toBe(
    'shop-database-42.ams1.prod.example.com  ✔    ✔    ✔     ✔      ✔ 10.11.19  ✔',
  );
});
