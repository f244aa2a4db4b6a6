// The six practice hosts. They differ in every way that real ones do; nothing else in src/drill names a host.

import { DrillFailure } from './failure.ts';

export type Vendor = 'mysql' | 'mariadb';

/** How a host's data disk is laid out. Names and mount points differ on purpose: nobody may guess them. */
export interface DiskShape {
  readonly volumeGroup: string;
  readonly logicalVolume: string;
  /** Name of the thin pool; empty: a classic LV. */
  readonly thinPool: string;
  readonly fileSystem: 'ext4' | 'xfs';
  readonly mountPoint: string;
  readonly datadir: string;
}

export interface DrillHost {
  readonly name: string;
  readonly vendor: Vendor;
  /** Also the name of the database with the sample data. */
  readonly cluster: 'shop' | 'crm';
  readonly datacenter: string;
  readonly address: string;
  readonly disk: DiskShape;
  /** The host it replicates from; absent on a primary, and on a machine that was never set up. */
  readonly source?: string;
  readonly ssh: { readonly user: string; readonly port: number; readonly jump?: string };
  readonly errorLog: string;
  /** A machine fresh from the installer: server stopped, datadir empty, only the tools that Debian always has. */
  readonly blank?: boolean;
}

const plainDisk: DiskShape = {
  volumeGroup: 'vg0',
  logicalVolume: 'mysql',
  thinPool: '',
  fileSystem: 'ext4',
  mountPoint: '/var/lib/mysql',
  datadir: '/var/lib/mysql',
};
const asRoot = { user: 'root', port: 22 };
const mysqlLog = '/var/log/mysql/error.log';

export const drillHosts: readonly DrillHost[] = [
  {
    name: 'db1',
    vendor: 'mysql',
    cluster: 'shop',
    datacenter: 'ams',
    address: '10.77.0.11',
    disk: plainDisk,
    ssh: asRoot,
    errorLog: mysqlLog,
  },
  {
    name: 'db2',
    vendor: 'mysql',
    cluster: 'shop',
    datacenter: 'ams',
    address: '10.77.0.12',
    disk: plainDisk,
    source: 'db1',
    ssh: { user: 'ops', port: 2222 },
    errorLog: mysqlLog,
  },
  {
    name: 'db3',
    vendor: 'mysql',
    cluster: 'shop',
    datacenter: 'fra',
    address: '10.77.0.13',
    // The hyphens are doubled in /dev/mapper: data--vg-srv--mysql.
    disk: {
      volumeGroup: 'data-vg',
      logicalVolume: 'srv-mysql',
      thinPool: '',
      fileSystem: 'xfs',
      mountPoint: '/srv/mysql',
      datadir: '/srv/mysql/data',
    },
    source: 'db1',
    ssh: asRoot,
    errorLog: mysqlLog,
  },
  {
    name: 'db4',
    vendor: 'mariadb',
    cluster: 'crm',
    datacenter: 'ams',
    address: '10.77.0.14',
    disk: { ...plainDisk, volumeGroup: 'vgcrm', logicalVolume: 'data', thinPool: 'pool' },
    ssh: asRoot,
    errorLog: '/var/log/mysql/error.log',
  },
  {
    name: 'db5',
    vendor: 'mariadb',
    cluster: 'crm',
    datacenter: 'fra',
    address: '10.77.0.15',
    disk: { ...plainDisk, logicalVolume: 'mariadb' },
    source: 'db4',
    ssh: { user: 'root', port: 22, jump: 'db4' },
    errorLog: '/var/log/db5/mariadb.err',
  },
  {
    name: 'db6',
    vendor: 'mysql',
    cluster: 'shop',
    datacenter: 'fra',
    address: '10.77.0.16',
    disk: plainDisk,
    ssh: asRoot,
    errorLog: mysqlLog,
    blank: true,
  },
];

/** The jump host's own address on the fleet's bridge: where the console and the tests connect from. */
export const consoleAddress = '10.77.0.1';

export function hostNamed(name: string): DrillHost | undefined {
  return drillHosts.find((host) => host.name === name);
}

/** The host of that name; a DrillFailure that names those there are. */
export function requireHostNamed(name: string): DrillHost {
  const host = hostNamed(name);
  if (host) return host;
  const names = drillHosts.map((one) => one.name).join(', ');
  throw new DrillFailure('usage', `there is no practice host '${name}'`, `there are: ${names}`);
}

/** The hosts that replicate from `name`, however many steps down. */
export function replicasOf(name: string): DrillHost[] {
  const direct = drillHosts.filter((host) => host.source === name);
  return direct.flatMap((replica) => [replica, ...replicasOf(replica.name)]);
}

/** The systemd unit of the server. */
export function serviceOf(host: DrillHost): string {
  return host.vendor === 'mysql' ? 'mysql' : 'mariadb';
}
