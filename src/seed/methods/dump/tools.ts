// The dump programs, and what each needs. Pure.
import type { SeedFacts } from '../../facts.ts';

export type DumpVendor = 'mysql' | 'mariadb';

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

export function lackingOnDonor(vendor: DumpVendor, { tools }: Pick<SeedFacts, 'tools'>): Lacking[] {
  const [first = ''] = dumpPrograms[vendor];
  return dumpPrograms[vendor].some((name) => tools.includes(name))
    ? []
    : [{ tool: first, install: `install ${dumpPackages[vendor]}` }];
}

/** For the cell in which the job's server runs, and for that server. */
const cellTools = ['unshare', 'mountpoint', 'chroot'];
const makers: Readonly<Record<DumpVendor, readonly string[]>> = {
  mysql: [],
  mariadb: ['mariadb-install-db', 'mysql_install_db'],
};

export function lackingOnTarget(vendor: DumpVendor, { tools }: Pick<SeedFacts, 'tools'>): Lacking[] {
  const [maker, ...others] = makers[vendor];
  const lacksMaker = maker !== undefined && ![maker, ...others].some((name) => tools.includes(name));
  return [
    ...cellTools.flatMap((tool) =>
      tools.includes(tool) ? [] : [{ tool, install: 'install util-linux and coreutils' }],
    ),
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
