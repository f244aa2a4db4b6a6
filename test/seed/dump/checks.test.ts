// Whether a dump can be made and loaded, with recorded hosts.
import { describe, expect, test } from 'vitest';
import type { SeedFacts } from '../../../src/seed/facts.ts';
import { byMysqldump } from '../../../src/seed/methods/dump/dump.ts';
import { lvmSnapshot } from '../../../src/seed/methods/lvm-snapshot/lvm-snapshot.ts';
import { preflight } from '../../../src/seed/preflight/preflight.ts';
import { givenBytes } from '../../../src/seed/target/state-places.ts';
import { dumped, requests } from '../able.ts';
import { request, side } from '../sides.ts';

const refusals = (asked: ReturnType<typeof dumped>) =>
  preflight(asked)
    .filter(({ level }) => level === 'refuse')
    .map(({ host, text, advice }) => `${host}: ${text}; ${advice}`);
const refused = (donor: Partial<SeedFacts>) => refusals(dumped(donor)).join('\n');

describe('a dump', () => {
  test('can be made of db1 for db3', () => {
    expect(refusals(dumped())).toEqual([]);
  });

  test('needs room for the system tablespace that a new server of the target is made with', () => {
    const asked = (innodb_data_file_path: string) => {
      const { targets, ...more } = dumped();
      const [target = more.donor] = targets;
      const { facts } = target;
      const one = { ...target, facts: { ...facts, variables: { ...facts.variables, innodb_data_file_path } } };
      return refusals({ ...more, targets: [one] }).join();
    };
    expect(asked('ibdata1:100M;ibdata2:12M:autoextend:max:10G')).toBe('');
    expect(asked('ibdata1:10G;ibdata2:50G:autoextend')).toMatch(/too little room: .* free, 60G needed/);
    expect(asked('/srv/ibdata1:12M:autoextend')).toContain('has a form that no new server is made with');
  });

  test('needs the program of the donor: its package is named', () => {
    expect(refused({ tools: [] })).toContain('db1: db1 has no mysqldump; install mysql-client (Debian');
  });

  test('is refused where a server of the job could not be of the program of the target’s own: it ended at its load, after the dump', () => {
    const { targets, ...more } = dumped();
    const [target = more.donor] = targets;
    const of = (programPath: string) =>
      refusals({ ...more, targets: [{ ...target, facts: { ...target.facts, programPath } }] });
    expect(of('/usr/local/mysql/bin/mysqld')).toEqual([]);
    expect(of('/srv/mysql/bin/mysqld')).toEqual([expect.stringContaining('is started from /srv/mysql/bin/mysqld')]);
  });

  test('by mydumper needs that on the donor too, and nothing on the target', () => {
    const asked = requests.mydumper?.unable();
    if (!asked) throw new Error('able.ts has none');
    expect(refusals(asked)).toEqual([
      'db1: db1 has no mydumper; install mydumper (Debian, Ubuntu: mydumper; RHEL and others: the rpm of the mydumper project)',
    ]);
  });

  test('of tables without a read view is refused, with the tables', () => {
    expect(refused({ foreignEngines: ['MyISAM 4 shop.a, shop.b, shop.c'] })).toContain(
      '4 MyISAM tables (shop.a, shop.b, shop.c, …): only InnoDB has a read view',
    );
  });

  test('of a view that its server can not open is refused before it begins', () => {
    expect(refused({ unopened: ['shop.totals'] })).toContain(
      'its server can not open shop.totals: tables, columns or accounts that they need are gone, and a dump would end there; DROP VIEW',
    );
  });

  test('needs privileges, which are named', () => {
    expect(refused({ privileges: ['SELECT', 'PROCESS'] })).toContain(
      'no SHOW VIEW, TRIGGER, EVENT, RELOAD, BACKUP_ADMIN, XA_RECOVER_ADMIN, REPLICATION CLIENT on *.*',
    );
  });

  test('of a server with prepared XA transactions is refused: it would not have their rows', () => {
    expect(refused({ prepared: 2 })).toContain(
      'it has 2 prepared XA transactions, and a dump does not have their rows',
    );
    expect(refused({ prepared: 0 })).not.toContain('prepared');
  });

  test('goes to any later version, for which a copy of files is refused', () => {
    const of = (version: string) => ({
      program: `mysqld  Ver ${version} for Linux on x86_64 (MySQL Community Server - GPL)`,
    });
    const dump = dumped(of('8.0.41'));
    expect(refusals(dump)).toEqual([]);
    expect(
      preflight(dump)
        .map(({ text }) => text)
        .join('\n'),
    ).toContain(
      'a new server of that version takes the rows; MySQL supports replication from the series before only, and 8.4 lies between',
    );
    expect(refusals({ ...dump, method: lvmSnapshot }).join()).toContain("can't upgrade the data of MySQL 8.0.41");
    expect(refusals(dumped(of('26.7.0'))).join()).toContain("is older than the donor's MySQL 26.7.0");
  });

  test('of a database whose name begins with - is refused, as a dump program may take it for an option', () => {
    expect(refused({ dashed: ['--result-file=/root/x'] })).toContain(
      'the name of the database --result-file=/root/x begins with -',
    );
  });

  test('of accounts with mysql_native_password is refused for a MySQL without it, and warned of where an option loads it', () => {
    const version = (text: string) => ({
      program: `mysqld  Ver ${text} for Linux on x86_64 (MySQL Community Server - GPL)`,
    });
    const old = dumped({ ...version('8.0.41'), nativeLogins: { count: 4, first: 'app@%, old@%, repl@%' } });
    const refusal = refusals(old).join();
    expect(refusal).toContain(
      "does not have the plugin of 4 accounts of db1 (app@%, old@%, repl@%, …) with mysql_native_password: they can't be made there; on db1: ALTER USER",
    );
    const to = (takesNative: boolean): ReturnType<typeof dumped> => ({
      ...old,
      targets: old.targets.map((one) => ({ ...one, facts: { ...one.facts, ...version('8.4.3'), takesNative } })),
    });
    const warned = (asked: ReturnType<typeof dumped>) =>
      preflight(asked).filter(({ text }) => text.includes('mysql_native_password'));
    expect(warned(to(false)).map(({ level }) => level)).toEqual(['warn']);
    expect(warned(to(true))).toEqual([]);
    expect(warned(dumped({ ...version('8.0.41'), nativeLogins: { count: 0, first: '' } }))).toEqual([]);
  });

  test('needs room for itself beside the rows', () => {
    const { donor, targets, ...rest } = dumped();
    const [target] = targets;
    if (!target) throw new Error('no target');
    const bytes = givenBytes(donor.facts) ?? 0;
    const full = { ...target, facts: { ...target.facts, freeBytes: Math.ceil(bytes * 1.2) } };
    expect(refusals({ ...rest, donor, targets: [full] }).join()).toContain('no room for new data beside the old');
    expect(refusals({ ...rest, donor, targets: [full], method: lvmSnapshot }).join()).not.toContain('no room');
  });

  test('goes to one target', () => {
    const two = request(side('db1'), [side('db3'), side('db6')], { method: byMysqldump });
    expect(refusals(two).join('\n')).toContain(
      'reseed seed db1 db3 --method mysqldump; reseed seed db1 db6 --method mysqldump',
    );
  });

  test('says before it begins what can not be resumed', () => {
    const warnings = preflight(dumped())
      .filter(({ level }) => level === 'warn')
      .map(({ text }) => text);
    expect(warnings.join('\n')).toContain('a break of the channel, or a restart of the donor, begins it anew');
  });
});
