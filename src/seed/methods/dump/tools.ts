// The dump programs, and what each needs. Pure.

import type { DumpProgram } from '../../../scripts/seed-dump-words.ts';
import type { SeedFacts } from '../../facts.ts';
import { cellPackages, lackingOfCell } from '../../preflight/cell-checks.ts';
import type { SeedMethod } from '../method.ts';

export type DumpVendor = 'mysql' | 'mariadb';

/** What differs between the methods of dumps. */
export interface DumpTool extends Required<Pick<SeedMethod, 'about' | 'reserve'>> {
  readonly name: DumpProgram;
  /** Needed on the donor beside the client's own program, with the packages that have it. */
  readonly beside: readonly Lacking[];
  /** Of the candidate in a list. */
  readonly brief: string;
  readonly title: string;
  readonly words: string;
  /** Of the load. */
  readonly loads: string;
}

export const mysqldumpTool: DumpTool = {
  name: 'mysqldump',
  about: 'rows are dumped by mysqldump (mariadb-dump) and loaded into a new server; any version upward',
  reserve: 'slower than a copy of files: for a target of a newer series, or where no other method can be used',
  beside: [],
  brief: 'dump',
  title: 'a dump of its rows',
  words: 'rows, not files: slower',
  loads: 'load the dump',
};

export const mydumperTool: DumpTool = {
  name: 'mydumper',
  about: 'the same with mydumper: several tables are dumped, and several parts loaded, at a time',
  reserve: 'slower than a copy of files: for a target of a newer series with more data than one stream brings in time',
  beside: [
    {
      tool: 'mydumper',
      install: 'install mydumper (Debian, Ubuntu: mydumper; RHEL and others: the rpm of the mydumper project)',
    },
    { tool: 'unshare', install: 'install util-linux' },
  ],
  brief: 'parallel dump',
  title: 'a dump of its rows by mydumper',
  words: 'needs mydumper on it',
  loads: 'load the parts of the dump, several at a time,',
};

/** How long its lock may block writes of the donor. Its statements wait for 5 s each. */
export const blockedSeconds = 30;

/** On the donor, by the vendor of its server. MariaDB 11 has its own name only. */
const dumpPrograms: Readonly<Record<DumpVendor, readonly string[]>> = {
  mysql: ['mysqldump'],
  mariadb: ['mariadb-dump', 'mysqldump'],
};
const dumpPackages: Readonly<Record<DumpVendor, string>> = {
  mysql: 'mysql-client (Debian: mysql-client-core, RHEL: mysql, rpm of Oracle: mysql-community-client)',
  mariadb: 'mariadb-client (Debian, Ubuntu), mariadb (RHEL), MariaDB-client (rpm of MariaDB)',
};

export interface Lacking {
  readonly tool: string;
  readonly install: string;
}

export function lackingOnDonor(
  vendor: DumpVendor,
  { beside }: DumpTool,
  { tools }: Pick<SeedFacts, 'tools'>,
): Lacking[] {
  const [first = ''] = dumpPrograms[vendor];
  const isThere = dumpPrograms[vendor].some((name) => tools.includes(name));
  return [
    ...(isThere ? [] : [{ tool: first, install: `install ${dumpPackages[vendor]}` }]),
    ...beside.filter(({ tool }) => !tools.includes(tool)),
  ];
}

const makers: Readonly<Record<DumpVendor, readonly string[]>> = {
  mysql: [],
  mariadb: ['mariadb-install-db', 'mysql_install_db'],
};

export function lackingOnTarget(vendor: DumpVendor, { tools }: Pick<SeedFacts, 'tools'>): Lacking[] {
  const [maker, ...others] = makers[vendor];
  const lacksMaker = maker !== undefined && ![maker, ...others].some((name) => tools.includes(name));
  return [
    ...lackingOfCell(tools).map((tool) => ({ tool, install: cellPackages })),
    ...(lacksMaker ? [{ tool: maker, install: 'it is in the package of the server' }] : []),
  ];
}

/** On the whole server; each with those that include it. */
export const dumpPrivileges: Readonly<Record<DumpVendor, readonly string[]>> = {
  mysql: [
    'SELECT',
    'SHOW VIEW',
    'TRIGGER',
    'EVENT',
    'RELOAD',
    'PROCESS',
    'BACKUP_ADMIN|SUPER',
    'XA_RECOVER_ADMIN',
    'REPLICATION CLIENT|SUPER',
  ],
  mariadb: [
    'SELECT',
    'SHOW VIEW',
    'TRIGGER',
    'EVENT',
    'RELOAD',
    'PROCESS',
    'BINLOG MONITOR|REPLICATION CLIENT',
    'SLAVE MONITOR|REPLICA MONITOR|REPLICATION CLIENT',
  ],
};
