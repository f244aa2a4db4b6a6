// What a dump would leave out of a donor, or a new, empty server of the target could not make of it: named before hours of
// work. Pure.
import { atLeast } from '../../../snapshot/lock-words.ts';
import { type Finding, judging } from '../../preflight/finding.ts';
import { versionOf } from '../../preflight/identity/versions.ts';
import type { SeedRequest, Side } from '../../request.ts';

export const ownDatabaseChecks = ({ donor, targets }: SeedRequest): Finding[] => [
  ...besideOwnChecks(donor),
  ...targets.flatMap((target) => sysChecks(donor, target)),
];

const some = (names: readonly string[], most = 3): string =>
  `${names.slice(0, most).join(', ')}${names.length > most ? ', …' : ''}`;

function besideOwnChecks(donor: Side): Finding[] {
  const { besideOwn } = donor.facts;
  if (besideOwn.length === 0) return [];
  return [
    judging(donor).warn(
      `a dump leaves out what is in databases of the server itself and not known as its own: ${some(besideOwn, 5)}`,
      'move them into a database of yours (RENAME TABLE) before, or make them on the target again: a replica stops at the first event of such a table',
    ),
  ];
}

/** A MariaDB has one of its own from here on. */
const firstSys = [10, 6];

function sysChecks(donor: Side, target: Side): Finding[] {
  const taken = versionOf(target);
  if (!donor.facts.usersSys || !taken) return [];
  if (taken.vendor === 'mariadb' && !atLeast(taken.version, firstSys)) return [];
  return [
    judging(target).refuse(
      `the database sys of ${donor.host.name} is one of its users, and ${taken.text} has one of its own of that name`,
      'give it another name, or copy files (--method lvm, mariadb-backup)',
    ),
  ];
}

/** The server of the job has no keys: rows would lie in clear on the target's disk, or the load would fail. */
export function encryptionChecks({ donor, targets }: SeedRequest): Finding[] {
  const { facts } = donor;
  const byDefault = (side: Side) =>
    ['innodb_encrypt_tables', 'default_table_encryption'].filter((name) =>
      /^(ON|1|YES|FORCE)$/i.test(side.facts.variables[name] ?? ''),
    );
  const advice = 'copy files, with the keys on both hosts (--method lvm)';
  const tables =
    facts.encryptedRows.length === 0
      ? []
      : [
          judging(donor).refuse(
            `tables are encrypted (${some(facts.encryptedRows)}): a dump has their rows in clear, and the server that loads it has no keys`,
            advice,
          ),
        ];
  return [
    ...tables,
    ...[donor, ...targets].flatMap((side) =>
      byDefault(side).map((name) =>
        judging(side).refuse(`${name} is on: a dump, and what is loaded of it, lie on the disk in clear`, advice),
      ),
    ),
  ];
}

/** The server of the job has none of these, and a dump does not make them. */
export function tablespaceChecks({ host, facts: { inTablespace } }: Side): Finding[] {
  if (inTablespace.length === 0) return [];
  return [
    judging({ host }).refuse(
      `tables lie in general tablespaces (${some(inTablespace)}), which a dump does not make`,
      'ALTER TABLE ... TABLESPACE = innodb_file_per_table there, or copy files (--method lvm)',
    ),
  ];
}

export const privilegeLossChecks = ({ donor, targets }: SeedRequest): Finding[] =>
  targets.flatMap((target) => lostPrivileges(donor, target));

/** What an upgrade of the server itself makes of it: seed-load.sh grants these. */
const renamed = 'SET_USER_ID';

function lostPrivileges(donor: Side, target: Side): Finding[] {
  const { grantable } = target.facts;
  if (grantable.length === 0) return [];
  const lost = donor.facts.granted.filter((name) => name !== renamed && !grantable.includes(name));
  if (lost.length === 0) return [];
  return [
    judging(target).warn(
      `its server does not know privileges that accounts of ${donor.host.name} have: ${some(lost, 5)}; the accounts come without them`,
      'where a plugin or a component has them, install it here first',
    ),
  ];
}

/** The server of the job loads the same libraries. */
export const functionChecks = ({ donor, targets }: SeedRequest): Finding[] =>
  targets.flatMap((target) => {
    const { libraries } = target.facts;
    const lacking = donor.facts.functions.filter((one) => !libraries.includes(one.slice(one.lastIndexOf(' ') + 1)));
    if (libraries.length === 0 || lacking.length === 0) return [];
    const names = lacking.map((one) => `${one.replace(' ', ' (')})`);
    return [
      judging(target).refuse(
        `functions of ${donor.host.name} are of libraries that are not here: ${some(names)}`,
        `install them here, or DROP FUNCTION on ${donor.host.name}`,
      ),
    ];
  });
