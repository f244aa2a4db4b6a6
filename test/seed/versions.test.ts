// A donor whose release is newer than that of the target, within one series: replicas are upgraded first, and not each of them at once.
import { describe, expect, test } from 'vitest';
import { byMysqldump } from '../../src/seed/methods/dump/dump.ts';
import { lvmSnapshot } from '../../src/seed/methods/lvm-snapshot/lvm-snapshot.ts';
import type { SeedMethod } from '../../src/seed/methods/method.ts';
import { versionFinding } from '../../src/seed/preflight/identity/versions.ts';
import { side } from './sides.ts';

const program = (version: string) => ({
  program: `mysqld  Ver ${version} for Linux on x86_64 (${version.includes('MariaDB') ? 'Debian' : 'MySQL Community'})`,
});
const told = (given: string, taken: string, method: SeedMethod = lvmSnapshot) =>
  versionFinding({ donor: side('db2', program(given)), method }, side('db3', program(taken)))
    .map(({ level, text }) => `${level} ${text}`)
    .join('\n');

describe('a target whose release is older than the donor', () => {
  test('is seeded with a warning within a series whose manual lets a server start on newer data', () => {
    expect(told('8.4.6', '8.4.3')).toBe(
      "warn MySQL 8.4.3 is older than the donor's MySQL 8.4.6, of one series: its server starts on newer data, as its manual allows within a series",
    );
    for (const [given = '', taken = ''] of [
      ['8.0.43', '8.0.35'],
      ['5.7.44', '5.7.40'],
      ['9.7.4', '9.7.1'],
      ['10.11.19-MariaDB', '10.11.6-MariaDB'],
    ]) {
      expect(told(given, taken), `${given} to ${taken}`).toMatch(/^warn .*of one series/);
    }
  });

  test('is refused where its server would not start: before 8.0.35, between innovation releases, of another series', () => {
    for (const [given = '', taken = ''] of [
      ['8.0.36', '8.0.34'],
      ['9.1.1', '9.1.0'],
      ['8.4.0', '8.0.43'],
      ['11.4.2-MariaDB', '10.11.6-MariaDB'],
      ['28.4.4', '28.4.2'],
    ]) {
      expect(told(given, taken), `${given} to ${taken}`).toMatch(/^refuse .* is older than the donor's/);
    }
  });

  test('takes the rows of any release of its series', () => {
    expect(told('8.0.36', '8.0.30', byMysqldump)).toBe(
      "warn MySQL 8.0.30 is older than the donor's MySQL 8.0.36, of one series: it takes its rows",
    );
    expect(told('8.4.0', '8.0.43', byMysqldump)).toMatch(/^refuse/);
  });
});
