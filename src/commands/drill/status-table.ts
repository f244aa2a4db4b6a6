// The fleet's state as a table of text. Unknown is `?`, nothing to say is `–`.
import type { HostStatus } from '../../drill/status.ts';
import { tableLines } from '../answer.ts';

const header = [
  'HOST',
  'CLUSTER',
  'DC',
  'MACHINE',
  'SSH',
  'SERVER',
  'MYSQL',
  'REPLICATION',
  'LAG',
  'LEDGER',
  'VOLUME',
  'FULL',
  'MEMORY',
  'FAULTS',
];

export function statusLines(hosts: readonly HostStatus[]): string[] {
  return tableLines(header, hosts.map(cells));
}

function cells(host: HostStatus): string[] {
  const asked = host.machine === 'running';
  // A machine that is off, or that nobody brought up, has nothing to be asked; one that runs and does not say, hides it.
  const missing = asked ? '?' : '–';
  const shown = (value: string | number | null, unit = '') => (value === null ? missing : `${value}${unit}`);
  const serverKnown = host.mysql !== null && host.mysql !== 'active' ? '–' : missing;
  const server = (value: string | number | null, unit = '') => (value === null ? serverKnown : `${value}${unit}`);
  const faults = host.faults.map(({ name, args }) => [name, ...args].join(' ')).join(', ');
  return [
    host.host,
    host.cluster,
    host.datacenter,
    host.machine,
    shown(host.ssh),
    server(host.version),
    shown(host.mysql),
    server(host.replication),
    host.replication === null || host.replication === 'primary' ? '–' : server(host.lagSeconds, ' s'),
    server(host.ledger),
    host.volume === null ? missing : `${host.volume} ${host.fileSystem}`,
    shown(host.datadirUsedPercent, ' %'),
    host.memoryBytes === null ? missing : `${Math.round(host.memoryBytes / 1e6)} MB`,
    faults || '–',
  ];
}
