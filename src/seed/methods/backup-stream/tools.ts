// The two backup programs: their names, packages and versions. They have the same words.
import type { Vendor } from '../../../host/facts.ts';
import type { Archiver, BackupTool } from '../../../scripts/seed-data-words.ts';
import { atLeast } from '../../../snapshot/lock-words.ts';
import type { SeedFacts } from '../../facts.ts';
import type { Side } from '../../request.ts';

export interface Tool {
  readonly name: BackupTool;
  /** Percona's server counts as MySQL. */
  readonly vendor: Exclude<Vendor, 'percona'>;
  readonly vendorName: string;
  /** The program that extracts its stream; its format has the same name. */
  readonly unpacker: Archiver;
  /** Privileges on the whole server that it needs, each with those that include it. */
  readonly privileges: readonly string[];
  /** For a replica too. */
  readonly ofReplica: readonly string[];
  /** Distributions have it: it is proposed beside a snapshot, too. Otherwise only for a donor that can't have one. */
  readonly isCommon: boolean;
  /** Which package has it, for a server of that version. */
  packageFor(version: string): string;
}

/**
 * MariaDB: check_all_privileges() of extra/mariabackup/xtrabackup.cc. XtraBackup: "Connection and privileges needed" of
 * its manual.
 */
export const mariadbBackupTool: Tool = {
  name: 'mariadb-backup',
  vendor: 'mariadb',
  vendorName: 'MariaDB',
  unpacker: 'mbstream',
  privileges: ['RELOAD', 'PROCESS', 'LOCK TABLES', 'BINLOG MONITOR|REPLICATION CLIENT'],
  isCommon: true,
  ofReplica: ['SLAVE MONITOR|REPLICA MONITOR|REPLICATION CLIENT'],
  packageFor: () => 'mariadb-backup (Debian, Ubuntu, RHEL), MariaDB-backup (rpm of MariaDB)',
};

export const xtrabackupTool: Tool = {
  name: 'xtrabackup',
  vendor: 'mysql',
  vendorName: 'MySQL',
  unpacker: 'xbstream',
  privileges: ['RELOAD', 'PROCESS', 'LOCK TABLES', 'BACKUP_ADMIN|SUPER', 'REPLICATION CLIENT|SUPER'],
  isCommon: false,
  ofReplica: [],
  packageFor: (version) => `percona-xtrabackup-${seriesOf(version).replace('.', '')} of Percona`,
};

/** `10.11` */
export const seriesOf = (version: string): string => version.split('.').slice(0, 2).join('.');

/** The version of the program on that host, as it says itself; undefined: it is not there, or did not say. */
export function versionOfTool({ name }: Pick<Tool, 'name'>, facts: Pick<SeedFacts, 'backupPrograms'>) {
  const words = facts.backupPrograms[name] ?? '';
  const [, version] =
    /MariaDB server (\d+\.\d+\.\d+)/i.exec(words) ?? /xtrabackup version (\d+\.\d+\.\d+)/i.exec(words) ?? [];
  return version;
}

/**
 * Whether the program can be used with that server. Both vendors build one for each series. XtraBackup had to be as new as the server until
 * 8.0.34 ("Supported versions" of its manual); its later releases keep the number 8.0.35, and any 8.4 fits any server 8.4 ("Understand
 * version numbers"). The program itself refuses a server that it does not know.
 */
export const fits = ({ name }: Tool, tool: string, server: string): boolean =>
  seriesOf(tool) === seriesOf(server) &&
  (name === 'mariadb-backup' || atLeast(tool, newerFits) || atLeast(tool, server.split('.').map(Number)));

/** The first XtraBackup that takes any newer server of its series. */
const newerFits = [8, 0, 34] as const;

/** What to install, where a program does not fit. */
export const fitting = ({ name, packageFor }: Tool, server: string): string => {
  // 2.4 is the one of 5.6 and 5.7, with options and privileges of its own.
  if (name === 'xtrabackup' && server.startsWith('5.')) {
    return 'reseed runs XtraBackup from 8.0 on: copy a snapshot of it (--method lvm), or its files while it is down (--stopped)';
  }
  const newest = name === 'xtrabackup' && seriesOf(server) === '8.0' ? ', 8.0.34 or newer' : '';
  return `install the one of ${seriesOf(server)}${newest}: ${packageFor(server)}`;
};

/**
 * BACKUP STAGE (MariaDB 10.4) needs no statement to end, and stops commits for a moment at its end. Told to wait for a lock, the program waits until no
 * statement writes at all: on a donor that is in use it never began.
 */
export const locksByStages = (tool: Tool, { facts }: Pick<Side, 'facts'>): boolean =>
  tool.vendor === 'mariadb' && atLeast(versionOfTool(tool, facts) ?? '', [10, 4]);

export const lacksUnpacker = ({ unpacker }: Tool, { facts }: Pick<Side, 'facts'>): boolean =>
  !facts.tools.includes(unpacker);
