// Whether a dump can be made and loaded, with recorded hosts.
import { describe, expect, test } from 'vitest';
import type { SeedFacts } from '../../../src/seed/facts.ts';
import { byMysqldump } from '../../../src/seed/methods/dump/dump.ts';
import { preflight } from '../../../src/seed/preflight/preflight.ts';
import { dumped } from '../able.ts';
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

  test('needs the program of the donor: its package is named', () => {
    expect(refused({ tools: [] })).toContain('db1: db1 has no mysqldump; install mysql-client (Debian');
  });

  test('of tables without a read view is refused, with the tables', () => {
    expect(refused({ foreignEngines: ['MyISAM 4 shop.a, shop.b, shop.c'] })).toContain(
      '4 MyISAM tables (shop.a, shop.b, shop.c, …): only InnoDB has a read view',
    );
  });

  test('needs privileges, which are named', () => {
    expect(refused({ privileges: ['SELECT', 'PROCESS'] })).toContain(
      'no SHOW VIEW, TRIGGER, EVENT, RELOAD, BACKUP_ADMIN, REPLICATION CLIENT on *.*',
    );
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
