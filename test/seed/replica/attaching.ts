// A plan for the steps of an attachment: db3 of the practice fleet replicates from db2.
import type { AttachPlan } from '../../../src/seed/replica/plan.ts';
import { practiceInventory } from '../../live/pictures.ts';

export function hostNamed(name: string) {
  const host = practiceInventory().hosts.find((one) => one.name === name);
  if (!host) throw new Error(`no host ${name}`);
  return host;
}

export const plan: AttachPlan = {
  target: hostNamed('db3'),
  unit: 'mysql',
  datadir: '/srv/mysql/data',
  owner: 'mysql:mysql',
  errorLog: '/var/log/mysql/error.log',
  job: 'cafe',
  vendor: 'mysql',
  version: '9.7.4',
  follow: 'donor',
  position: 'gtid',
  source: { host: '10.77.0.12', port: 3306, tls: true, known: hostNamed('db2') },
  dataName: 'the snapshot',
  coordinatesOf: 'take-snapshot',
  account: { replica: hostNamed('db2'), datadir: '/var/lib/mysql' },
};
