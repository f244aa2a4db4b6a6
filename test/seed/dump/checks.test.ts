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

  test('of names that it can not have is refused in its plan, and not after minutes of a job', () => {
    const late = 'shop.a has a CHECK OPTION, and is over shop.b';
    expect(refused({ lateViews: [late] })).toContain(`${late}, a view whose name comes later: a dump makes it before`);
    const unfiled = { unfiled: ['the database odd db'] };
    expect(refused(unfiled)).toBe('');
    const { donor, ...more } = requests.mydumper?.able() ?? dumped();
    const facts = { ...donor.facts, ...unfiled };
    expect(refusals({ ...more, donor: { ...donor, facts } }).join()).toContain(
      'mydumper can not name the files of the database odd db, or makes mistakes with them; use --method mysqldump',
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

  test('of a database sys of users is refused for a server that has its own: it was left out without a word', () => {
    expect(refused({ usersSys: true })).toContain(
      'the database sys of db1 is one of its users, and MySQL 9.7.4 has one of its own of that name; give it another name',
    );
  });

  test('names what users have in databases of the server, which does not come', () => {
    const told = preflight(dumped({ besideOwn: ['mysql.heartbeat', 'the procedure sys.tidy'] }));
    expect(told.filter(({ level }) => level === 'warn').map(({ text }) => text)).toContain(
      'a dump leaves out what is in databases of the server itself and not known as its own: mysql.heartbeat, the procedure sys.tidy',
    );
  });

  test('of encrypted tables is refused before it begins: their rows came in clear, and the load failed', () => {
    expect(refused({ encryptedRows: ['shop.cards'] })).toContain(
      'tables are encrypted (shop.cards): a dump has their rows in clear, and the server that loads it has no keys; copy files, with the keys on both hosts',
    );
    const { variables } = dumped().donor.facts;
    expect(refused({ variables: { ...variables, innodb_encrypt_tables: 'FORCE' } })).toContain(
      'innodb_encrypt_tables is on: a dump, and what is loaded of it, lie on the disk in clear',
    );
    const { targets, ...more } = dumped();
    const encrypts = targets.map((one) => ({
      ...one,
      facts: { ...one.facts, variables: { ...one.facts.variables, default_table_encryption: 'ON' } },
    }));
    expect(refusals({ ...more, targets: encrypts }).join()).toContain('db3: default_table_encryption is on');
  });

  test('of a donor whose binary logs alone are encrypted is not refused: a dump has none of them', () => {
    const { variables } = dumped().donor.facts;
    const asked = { plugins: ['component_keyring_file'], variables: { ...variables, binlog_encryption: 'ON' } };
    expect(refused(asked)).toBe('');
    expect(refusals({ ...dumped(asked), method: lvmSnapshot }).join()).toContain('has encrypted data (binary logs)');
  });

  test('of tables in general tablespaces is refused: a new server has none, and the load failed', () => {
    expect(refused({ inTablespace: ['shop.a', 'shop.b', 'shop.c', 'shop.d'] })).toContain(
      'tables lie in general tablespaces (shop.a, shop.b, shop.c, …), which a dump does not make; ALTER TABLE ... TABLESPACE = innodb_file_per_table there',
    );
  });

  test('of what loads a library that the target lacks is refused, where a copy of files is warned of it', () => {
    const audit = { kind: 'plugin', name: 'audit_log', library: 'audit_log.so', isActive: true } as const;
    const asked = dumped({ tablePlugins: [audit], functions: ['sum2 sum2.so'] });
    const lacking = asked.targets.map((one) => ({ ...one, facts: { ...one.facts, libraries: ['auth_socket.so'] } }));
    const of = { ...asked, targets: lacking };
    const said = refusals(of).join('\n');
    expect(said).toMatch(
      /load plugin audit_log \(audit_log\.so\), which db3 can't: .*; install it on db3 first, or uninstall it on db1/,
    );
    expect(said).toContain('functions of db1 are of libraries that are not here: sum2 (sum2.so)');
    expect(refusals({ ...of, method: lvmSnapshot }).join()).not.toContain('audit_log');
  });

  test('names privileges that the server of the target does not know, and none that it only renamed', () => {
    const asked = dumped({ granted: ['BACKUP_ADMIN', 'SET_USER_ID', 'VERSION_TOKEN_ADMIN'] });
    const of = (grantable: readonly string[]) =>
      preflight({ ...asked, targets: asked.targets.map((one) => ({ ...one, facts: { ...one.facts, grantable } })) })
        .map(({ text }) => text)
        .filter((text) => text.includes('does not know privileges'));
    expect(of(['BACKUP_ADMIN', 'SET_ANY_DEFINER'])).toEqual([
      'its server does not know privileges that accounts of db1 have: VERSION_TOKEN_ADMIN; the accounts come without them',
    ]);
    expect(of([])).toEqual([]);
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

test('DDL on a MariaDB that is dumped waits, and what reads that table behind it: the plan said that it ends the dump', () => {
  const texts = (program: string) =>
    preflight(dumped({ program }))
      .filter(({ level }) => level === 'warn')
      .map(({ text }) => text)
      .join();
  expect(texts('mariadbd  Ver 10.11.6-MariaDB for debian-linux-gnu on x86_64')).toContain('waits until the dump ends');
  expect(texts('mysqld  Ver 8.4.3 for Linux on x86_64 (MySQL Community Server - GPL)')).toContain(
    'DDL on it ends the dump',
  );
});
