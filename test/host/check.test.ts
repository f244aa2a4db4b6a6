import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseCheck, serverIsDown } from '../../src/host/check.ts';

/** Recorded from the fleet: scripts/check.sh on db1, db4, db6, and on db2 without sudo. */
const recorded = (name: string) => readFileSync(new URL(`../fixtures/${name}.txt`, import.meta.url), 'utf8');
const check = (name: string) => {
  const facts = parseCheck(recorded(name));
  if (!facts) throw new Error(`${name} was not read`);
  return facts;
};

test('a server that is up, of either vendor', () => {
  expect(check('mysql-9.7/check-up')).toEqual({
    account: 'root',
    missingTools: [],
    mysql: { ok: true, value: '9.7.4-2' },
    isOtherServer: false,
    datadir: { ok: true, value: '/var/lib/mysql/' },
    volume: { ok: true, value: 'vg0/mysql' },
  });
  expect(check('mariadb-10.11/check-up')).toMatchObject({
    mysql: { ok: true, value: '10.11.19-MariaDB-0+deb12u1-log' },
    volume: { ok: true, value: 'vgcrm/data' },
  });
});

test('a server that is down differs from one that refuses our login', () => {
  const down = check('mysql-9.7/check-down');
  expect(serverIsDown(down.mysql)).toBe(true);
  expect(down).toMatchObject({
    datadir: { ok: true, value: '/var/lib/mysql' },
    volume: { ok: true, value: 'vg0/mysql' },
  });
  const refused = check('mysql-9.7/check-no-sudo');
  expect(serverIsDown(refused.mysql)).toBe(false);
  expect(refused.mysql).toMatchObject({ ok: false, why: expect.stringContaining('Access denied') });
});

test('where nobody can know where a server that is down has its data, no folder is named and no volume found wanting', () => {
  const facts = parseCheck(
    'account\troot\nmysql.error\tERROR 2002\ndatadir.error\tsystemd knows no unit mysqld\ndatadir\t\n',
  );
  expect(facts).toMatchObject({
    datadir: { ok: false, why: 'systemd knows no unit mysqld' },
    volume: { ok: false, why: 'where its data lies is unknown: systemd knows no unit mysqld' },
  });
});

test('a server of another unit that answers is told as such, and not by its words', () => {
  const of = (other: string) =>
    parseCheck(`account\troot\nmysql.error\tanother server answers: no\nmysql.other\t${other}\ndatadir\t/srv\n`);
  expect(of('yes')?.isOtherServer).toBe(true);
  expect(of('no')?.isOtherServer).toBe(false);
});

test('without root, what is missing is named', () => {
  const facts = check('mysql-9.7/check-no-sudo');
  expect(facts).toMatchObject({ account: 'ops', missingTools: ['lvs', 'lvcreate', 'lvremove', 'blkid'] });
  expect(facts.volume.ok).toBe(false);
});

test('whatever a host prints: facts or nothing, never a throw, never a control character', () => {
  const line = fc.tuple(
    fc.constantFrom('account', 'datadir', 'lv', 'mysql.error', 'tool.\x1b[31mtar', ''),
    fc.string(),
  );
  const text = fc.array(line).map((lines) => lines.map(([name, value]) => `${name}\t${value}`).join('\n'));
  fc.assert(
    fc.property(fc.oneof(text, fc.string()), (printed) => {
      // A backslash of the text's own is no control character.
      const shown = JSON.stringify(parseCheck(printed) ?? '').replaceAll('\\\\', '');
      expect(shown).not.toMatch(/\\u00[01]|\\[bfnrt]/);
    }),
  );
});
