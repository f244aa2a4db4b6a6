// What the login of reseed may do on a donor's whole server. Pure.
import type { Side } from '../request.ts';
import { type Finding, judging } from './finding.ts';

/**
 * `needed`: names of privileges, each with others that do as well (`BACKUP_ADMIN|SUPER`); `may`: what they are for (`run mariadb-backup`);
 * `needs`: what needs them (`mariadb-backup`).
 */
export function privilegeChecks(
  donor: Side,
  needed: readonly string[],
  { may, needs }: { readonly may: string; readonly needs: string },
): Finding[] {
  const { pass, unknown, refuse } = judging(donor);
  const { privileges } = donor.facts;
  if (privileges.length === 0) {
    return [unknown(`whether its login may ${may} is unknown: it did not tell its privileges on *.*`)];
  }
  const has = (names: string) =>
    ['ALL', 'ALL PRIVILEGES', ...names.split('|')].some((name) => privileges.includes(name));
  const lacking = needed.filter((names) => !has(names)).map((names) => names.split('|')[0]);
  if (lacking.length === 0) return [pass(`its login may ${may}`)];
  const list = lacking.join(', ');
  return [
    refuse(
      `its login has no ${list} on *.*, which ${needs} needs`,
      `on the primary: GRANT ${list} ON *.* TO that account`,
    ),
  ];
}
