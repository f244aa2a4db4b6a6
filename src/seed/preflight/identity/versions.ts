// Whether the target's server can start on the donor's data. Versions are compared within a vendor only.
import { atLeast } from '../../../snapshot/lock-words.ts';
import type { SeedRequest, Side } from '../../request.ts';
import { type Finding, judging } from '../finding.ts';
import { redoFinding } from './redo-formats.ts';

interface Version {
  readonly vendor: 'mysql' | 'mariadb';
  /** `9.7.4` */
  readonly version: string;
  /** `MySQL 9.7.4` */
  readonly text: string;
}

export function versionFinding(request: Pick<SeedRequest, 'donor' | 'method'>, target: Side): Finding[] {
  const { donor } = request;
  const { pass, warn, refuse } = judging(target);
  const [given, taken] = [versionOf(donor), versionOf(target)];
  if (!given || !taken) {
    return [
      refuse(
        `the version of ${given ? target.host.name : donor.host.name} is not known`,
        'is a server installed there?',
      ),
    ];
  }
  if (given.vendor !== taken.vendor) {
    return [refuse(`${taken.text} can't start on the data of ${given.text}`, 'they have to be of one vendor')];
  }
  if (isOlder(taken, given)) return [olderFinding(given, taken, request, target)];
  if (request.method.onlyRows) return [rowsFinding(given, taken, target)];
  const between = seriesBetween(given, taken);
  if (between !== undefined) {
    return [
      refuse(`${taken.text} can't upgrade the data of ${given.text}`, `it has to be upgraded to ${between} before`),
    ];
  }
  if (taken.version === given.version) return [pass(`${taken.text}, as the donor`)];
  if (isBeyondTable(taken)) {
    return [
      warn(
        `${taken.text} is newer than the series that reseed knows the upgrades of (up to MySQL 9.7): whether it takes the data of ${given.text} is unknown`,
        'see the lineages in its release notes, and try it on one replica',
      ),
    ];
  }
  const redo = redoFinding(request, target, [given, taken]);
  if (redo?.level === 'refuse') return [redo];
  return [...(redo ? [redo] : []), upgrades(given, taken, target)];
}

/** Nothing is upgraded: the rows come to a new server of its own version. Only replication may not be supported. */
function rowsFinding(given: Version, taken: Version, target: Side): Finding {
  const { pass, warn } = judging(target);
  if (taken.version === given.version) return pass(`${taken.text}, as the donor`);
  const newer = `${taken.text} is newer than the donor's ${given.text}: a new server of that version takes the rows`;
  const between = seriesBetween(given, taken);
  if (between === undefined) return pass(newer);
  return warn(
    `${newer}; MySQL supports replication from the series before only, and ${between} lies between`,
    `a replica of ${between} between them, or try it on one replica`,
  );
}

/**
 * A rolling upgrade begins with the replicas, or a donor was upgraded first. MySQL's manual ("Downgrading MySQL"): in place within an LTS series, and
 * in 8.0 down to 8.0.35. MariaDB's ("Downgrading MariaDB"): to an earlier release of the series, whose format of storage does not change.
 */
function takesNewer(given: Version, taken: Version): boolean {
  if (!sameSeries(given, taken)) return false;
  if (taken.vendor === 'mariadb') return true;
  const first = longTermSeries.find(([major, minor]) => taken.version.startsWith(`${major}.${minor}.`));
  if (!first) return false;
  const [major, minor] = first;
  return atLeast(taken.version, major === 8 && minor === 0 ? [8, 0, 35] : major === 5 ? [5, 7, 9] : first);
}

const isOlder = ({ version }: Version, than: Version) => !atLeast(version, than.version.split('.').map(Number));

function olderFinding(given: Version, taken: Version, { method }: Pick<SeedRequest, 'method'>, target: Side): Finding {
  const { warn, refuse } = judging(target);
  const older = `${taken.text} is older than the donor's ${given.text}`;
  const isTaken = method.onlyRows ? sameSeries(given, taken) : takesNewer(given, taken);
  if (!isTaken) return refuse(older, 'upgrade it first');
  const takes = method.onlyRows
    ? 'it takes its rows'
    : 'its server starts on newer data, as its manual allows within a series';
  return warn(`${older}, of one series: ${takes}`, 'upgrade it afterwards: replicas are to be as new as their source');
}

/** A MariaDB starts on the older tables of mysql, and does not upgrade them. */
function upgrades(given: Version, taken: Version, target: Side): Finding {
  const { warn } = judging(target);
  const newer = `${taken.text} is newer than the donor's ${given.text}`;
  if (taken.vendor === 'mysql') return warn(`${newer}: it upgrades the data when it starts`);
  if (sameSeries(given, taken)) return warn(newer);
  return warn(
    `${newer}: it starts on its data, and does not upgrade the tables of mysql`,
    `after the seed, on ${target.host.name}: mariadb-upgrade (Debian's unit runs it when it starts)`,
  );
}

export const sameSeries = (one: Version, other: Version) =>
  one.version.split('.').slice(0, 2).join('.') === other.version.split('.').slice(0, 2).join('.');

/** After 9.7 MySQL counts by calendar (26.7, ...), and the number does not say whether a release is an LTS. */
function isBeyondTable({ vendor, version }: Version): boolean {
  return vendor === 'mysql' && atLeast(version, [9, 8]);
}

/**
 * Source: "MySQL Upgrade Paths" of the manual, 9.7. A MySQL can upgrade data of the last LTS before it, or of anything
 * newer. Older data has to be upgraded to that LTS first.
 */
const longTermSeries = [
  [5, 7],
  [8, 0],
  [8, 4],
  [9, 7],
] as const;

/** The LTS that must not be skipped; undefined: the data can be upgraded, or it is MariaDB, which can skip any. */
function seriesBetween(given: Version, taken: Version): string | undefined {
  if (taken.vendor === 'mariadb') return undefined;
  const next = longTermSeries.find((series) => !atLeast(given.version, series));
  if (!next || !atLeast(taken.version, next)) return undefined;
  const [major, minor] = next;
  return atLeast(taken.version, [major, minor + 1]) ? `${major}.${minor}` : undefined;
}

/** From `mysqld --version`: the server need not run. */
export function versionOf({ facts }: Pick<Side, 'facts'>): Version | undefined {
  const [, version = ''] = /Ver (\d+\.\d+\.\d+)/.exec(facts.program ?? '') ?? [];
  if (version === '') return undefined;
  const vendor = /mariadb/i.test(facts.program ?? '') ? 'mariadb' : 'mysql';
  const name = vendor === 'mariadb' ? 'MariaDB' : 'MySQL';
  return { vendor, version, text: `${name} ${version}` };
}

/** Its transactions have GTIDs in part, and its gtid_executed is true: between OFF and ON of a change of gtid_mode. */
export function isPermissive(donor: Side): boolean {
  const { server } = donor.report;
  if (versionOf(donor)?.vendor === 'mariadb') return false;
  const mode = server?.ok ? server.value.gtidMode : donor.facts.variables.gtid_mode;
  return /^(OFF_PERMISSIVE|ON_PERMISSIVE|1|2)$/i.test(mode ?? '');
}

/** For a server that is down, its files say so. MySQL takes ON and 3 for the same. */
export function hasGtid(donor: Side): boolean {
  const { server } = donor.report;
  if (versionOf(donor)?.vendor === 'mariadb') return true;
  return server?.ok ? server.value.gtid : /^(ON|3)$/i.test(donor.facts.variables.gtid_mode ?? '');
}
