// The six practice hosts that `drill up` brings up. more-hosts.ts has those that are brought up by name. They differ in
// every way that real hosts do; nothing else in src/drill names a host.

import { DrillFailure } from './failure.ts';
import type { DiskShape, DrillHost, ServerShape } from './host.ts';
import { moreHosts } from './more-hosts.ts';

const plainDisk: DiskShape = {
  volumeGroup: 'vg0',
  logicalVolume: 'mysql',
  thinPool: '',
  fileSystem: 'ext4',
  mountPoint: '/var/lib/mysql',
  datadir: '/var/lib/mysql',
};
const asRoot = { user: 'root', port: 22 };
const socket = '/run/mysqld/mysqld.sock';
const mysql: ServerShape = {
  vendor: 'mysql',
  release: 'mysql',
  service: 'mysql',
  client: 'mysql',
  port: 3306,
  socket,
  errorLog: '/var/log/mysql/error.log',
};
const mariadb: ServerShape = { ...mysql, vendor: 'mariadb', release: 'mariadb', service: 'mariadb' };

/** The hosts that `up` brings up without names. */
export const sixHosts: readonly DrillHost[] = [
  {
    name: 'db1',
    cluster: 'shop',
    datacenter: 'ams',
    address: '10.77.0.11',
    server: mysql,
    disk: plainDisk,
    ssh: asRoot,
  },
  {
    name: 'db2',
    cluster: 'shop',
    datacenter: 'ams',
    address: '10.77.0.12',
    server: mysql,
    disk: plainDisk,
    source: { host: 'db1' },
    ssh: { user: 'ops', port: 2222 },
  },
  {
    name: 'db3',
    cluster: 'shop',
    datacenter: 'fra',
    address: '10.77.0.13',
    server: mysql,
    // The hyphens are doubled in /dev/mapper: data--vg-srv--mysql.
    disk: {
      volumeGroup: 'data-vg',
      logicalVolume: 'srv-mysql',
      thinPool: '',
      fileSystem: 'xfs',
      mountPoint: '/srv/mysql',
      datadir: '/srv/mysql/data',
    },
    source: { host: 'db1' },
    ssh: asRoot,
  },
  {
    name: 'db4',
    cluster: 'crm',
    datacenter: 'ams',
    address: '10.77.0.14',
    server: mariadb,
    disk: { ...plainDisk, volumeGroup: 'vgcrm', logicalVolume: 'data', thinPool: 'pool' },
    ssh: asRoot,
  },
  {
    name: 'db5',
    cluster: 'crm',
    datacenter: 'fra',
    address: '10.77.0.15',
    server: { ...mariadb, errorLog: '/var/log/db5/mariadb.err' },
    disk: { ...plainDisk, logicalVolume: 'mariadb' },
    source: { host: 'db4' },
    ssh: { user: 'root', port: 22, jump: 'db4' },
  },
  {
    name: 'db6',
    cluster: 'shop',
    datacenter: 'fra',
    address: '10.77.0.16',
    server: mysql,
    disk: plainDisk,
    ssh: asRoot,
    blank: true,
  },
];

/** Every practice host. */
export const drillHosts: readonly DrillHost[] = [...sixHosts, ...moreHosts];

/** The jump host's own address on the fleet's bridge: the console and the tests connect from it. */
export const consoleAddress = '10.77.0.1';

export function hostNamed(name: string): DrillHost | undefined {
  return drillHosts.find((host) => host.name === name);
}

/** The host of that name. Otherwise a DrillFailure that lists all hosts. */
export function requireHostNamed(name: string): DrillHost {
  const host = hostNamed(name);
  if (host) return host;
  const names = drillHosts.map((one) => one.name).join(', ');
  throw new DrillFailure('usage', `there is no practice host '${name}'`, `there are: ${names}`);
}

/** All replicas of `name`, direct and indirect. */
export function replicasOf(name: string): DrillHost[] {
  const direct = drillHosts.filter(({ source }) => source?.host === name);
  return direct.flatMap((replica) => [replica, ...replicasOf(replica.name)]);
}
