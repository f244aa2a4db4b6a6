// Whether a donor's rows can be dumped, and loaded on a target.
import { atLeast } from '../../../snapshot/lock-words.ts';
import { unseenInCell } from '../../preflight/cell-checks.ts';
import { statementChecks } from '../../preflight/data/statement-checks.ts';
import { type Finding, judging } from '../../preflight/finding.ts';
import { hasGtid, versionOf } from '../../preflight/identity/versions.ts';
import { privilegeChecks } from '../../preflight/privilege-checks.ts';
import { lagChecks } from '../../preflight/replication/lag-checks.ts';
import { openTableChecks } from '../../preflight/replication/open-table-checks.ts';
import { placeChecks } from '../../preflight/replication/place-checks.ts';
import type { SeedRequest, Side } from '../../request.ts';
import { loginChecks } from './login-checks.ts';
import {
  encryptionChecks,
  functionChecks,
  ownDatabaseChecks,
  privilegeLossChecks,
  tablespaceChecks,
} from './server-checks.ts';
import {
  type DumpTool,
  type DumpVendor,
  dumpPrivileges,
  type Lacking,
  lackingOnDonor,
  lackingOnTarget,
} from './tools.ts';

/** print_identified_with_as_hex, by which accounts are read, is of 8.0.17. */
const first: Readonly<Record<DumpVendor, readonly number[]>> = { mysql: [8, 0, 17], mariadb: [10, 4] };

export function dumpChecks(request: SeedRequest, tool: DumpTool): Finding[] {
  const { donor } = request;
  const basic = serverChecks(donor);
  if (basic.length > 0) return basic;
  return [
    ...ableChecks(request, tool),
    ...nameChecks(donor, tool),
    ...openChecks(donor),
    ...engineChecks(donor),
    ...ownDatabaseChecks(request),
    ...encryptionChecks(request),
    ...tablespaceChecks(donor),
    ...loginChecks(request),
    ...privilegeLossChecks(request),
    ...functionChecks(request),
    ...placeChecks(request, 'a dump'),
    ...logChecks(request),
    ...statementChecks(donor),
    ...openTableChecks(request),
    ...preparedChecks(donor),
    ...lagChecks(request),
    judging(donor).warn(
      'it is one dump: a break of the channel, or a restart of the donor, begins it anew; a restart of the target begins the load anew',
      'where that takes hours, copy files (--method lvm, clone or mariadb-backup)',
    ),
    changing(donor),
    judging(donor).warn(roundedFloats),
    // The JSON of a MariaDB is a text.
    ...(versionOf(donor)?.vendor === 'mysql' ? [untypedJson(donor)] : []),
  ];
}

/** A MySQL gives a name back once its rows are summed; a MariaDB keeps it to the end (dump-tables.sh). */
function changing(donor: Side): Finding {
  const { warn } = judging(donor);
  if (versionOf(donor)?.vendor !== 'mariadb')
    return warn('DDL on it ends the dump (RENAME of gh-ost and pt-online-schema-change too)');
  return warn(
    'DDL on a table that was read waits until the dump ends, and every statement on that table waits behind it, its applier too; on another table it ends the dump',
    'no DDL, here or on its source, until the dump is over; where that takes hours, copy files (--method lvm or mariadb-backup)',
  );
}

export const roundedFloats = 'values of FLOAT columns are rounded to six digits (DOUBLE keeps all)';

/** `where`: the tables that have JSON, where they are known. */
export const untypedJson = (donor: Side, where?: string): Finding =>
  judging(donor).warn(
    `a DATE, TIME, DATETIME, DECIMAL or BLOB inside a JSON value becomes text or a DOUBLE (1.10 becomes 1.1), and the sums do not see it${where === undefined ? '' : `: ${where}`}`,
    'if its tables have such values, seed the whole server by its files (--method lvm or clone); a proof of rows (reseed proof --rows) finds them afterwards',
  );

/** Tools and privileges. */
export function ableChecks({ donor, targets }: Pick<SeedRequest, 'donor' | 'targets'>, tool: DumpTool): Finding[] {
  const given = versionOf(donor);
  if (!given) return [];
  return [
    ...toolChecks(donor, lackingOnDonor(given.vendor, tool, donor.facts)),
    ...targets.flatMap((target) => toolChecks(target, lackingOnTarget(given.vendor, target.facts))),
    ...targets.flatMap(programChecks),
    ...privilegeChecks(donor, dumpPrivileges[given.vendor], { may: 'dump it', needs: 'a dump' }),
  ];
}

export function serverChecks(donor: Side): Finding[] {
  const { refuse } = judging(donor);
  const given = versionOf(donor);
  if (!donor.report.server?.ok) {
    return [
      refuse(
        'its server does not answer: a dump asks a server that runs',
        `reseed start ${donor.host.name}, or copy the files of a stopped server (--stopped)`,
      ),
    ];
  }
  if (!given || atLeast(given.version, first[given.vendor])) return [];
  return [
    refuse(
      `${given.text} is too old: accounts are read from ${first[given.vendor].join('.')} on`,
      'copy files (--method lvm)',
    ),
  ];
}

const toolChecks = (side: Side, lacking: readonly Lacking[]): Finding[] =>
  lacking.map(({ tool, install }) => judging(side).refuse(`${side.host.name} has no ${tool}`, install));

function programChecks(target: Side): Finding[] {
  const unseen = unseenInCell(target);
  return unseen === undefined ? [] : [judging(target).refuse(unseen, 'install it there, or copy files (--method lvm)')];
}

/** A dump program may take such a name for an option, or for a file. Asked again before the lock (dump-refusals.sh, dump-parts.sh). */
function nameChecks({ host, facts }: Side, tool: DumpTool): Finding[] {
  const { refuse } = judging({ host });
  const unfiled = tool.name === 'mydumper' ? facts.unfiled : [];
  return [
    ...facts.dashed.map((name) =>
      refuse(
        `the name of the database ${name} begins with -: a dump program may take it for an option`,
        'another name, or copy files (--method lvm)',
      ),
    ),
    ...unfiled.map((what) =>
      refuse(`mydumper can not name the files of ${what}, or makes mistakes with them`, 'use --method mysqldump'),
    ),
    ...facts.lateViews.map((what) =>
      refuse(
        `${what}, a view whose name comes later: a dump makes it before that, and its load would end there`,
        'RENAME TABLE one of them, or copy files (--method lvm, mariadb-backup)',
      ),
    ),
  ];
}

/** A dump program ends there, after everything that comes before. */
function openChecks({ host, facts: { unopened } }: Side): Finding[] {
  if (unopened.length === 0) return [];
  const some = `${unopened.slice(0, 3).join(', ')}${unopened.length > 3 ? ', …' : ''}`;
  return [
    judging({ host }).refuse(
      `its server can not open ${some}: tables, columns or accounts that they need are gone, and a dump would end there`,
      'DROP VIEW or DROP TABLE there, or mend them; or copy files (--method lvm)',
    ),
  ];
}

/** Its log has XA PREPARE under a GTID, or before the position; no read view has the rows, and XA COMMIT on a target finds nothing. */
export function preparedChecks({ host, facts: { prepared = 0 } }: Side): Finding[] {
  if (prepared === 0) return [];
  return [
    judging({ host }).refuse(
      `it has ${prepared} prepared XA transaction${prepared === 1 ? '' : 's'}, and a dump does not have their rows`,
      'wait until they are committed, or commit them (XA RECOVER lists them); or copy files (--method lvm)',
    ),
  ];
}

/** They have no rows, or none that stay. */
const withoutView = new Set(['BLACKHOLE', 'MRG_MYISAM', 'MEMORY', 'PERFORMANCE_SCHEMA']);

/** Rows of other engines have no read view: they would be read later than the coordinates, each at another time. */
function engineChecks({ host, facts }: Side): Finding[] {
  return facts.foreignEngines.flatMap((line) => {
    const [engine = '', count = '', ...tables] = line.split(' ');
    if (withoutView.has(engine.toUpperCase())) return [];
    const some = `${tables.join(' ')}${Number(count) > 3 ? ', …' : ''}`;
    return [
      judging({ host }).refuse(
        `${count} ${engine} table${count === '1' ? '' : 's'} (${some}): only InnoDB has a read view, a dump of others is not consistent`,
        'ALTER TABLE ... ENGINE = InnoDB there, or copy files (--method lvm, mariadb-backup)',
      ),
    ];
  });
}

/** A dump tells its place in a log, or its GTIDs. */
function logChecks({ donor }: SeedRequest): Finding[] {
  if (hasGtid(donor) || donor.facts.places.some(({ kind }) => kind === 'binlog')) return [];
  return [
    judging(donor).refuse(
      `${donor.host.name} has no GTID (gtid_mode) and writes no binary log: of which moment a dump of it is can't be told`,
      'copy files (--method lvm)',
    ),
  ];
}
