// The fleet's state as a text table. Unknown is `?`, no value is `–`.

import type { HostStatus } from '../../drill/status.ts';
import { shortSize } from '../../text/amounts.ts';
import { unicodeSigns } from '../../text/badge.ts';
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
];

/** The columns that a narrow screen drops, in this order. */
const dispensable = ['MEMORY', 'LEDGER', 'VOLUME', 'SERVER', 'CLUSTER', 'FULL'];

/**
 * A table, and below it a line for each text that is too long for a cell. Columns are left out until the table fits
 * into `width`.
 */
export function statusLines(hosts: readonly HostStatus[], width = Number.POSITIVE_INFINITY): string[] {
  const rows = hosts.map(cells);
  const left = new Set(header);
  const table = () => {
    const some = (row: readonly string[]) => row.filter((_, at) => left.has(header[at] ?? ''));
    return tableLines(some(header), rows.map(some));
  };
  for (const column of dispensable) {
    if (table().every((line) => line.length <= width)) break;
    left.delete(column);
  }
  return [...table(), ...hosts.flatMap(remarks)];
}

function cells(host: HostStatus): string[] {
  const asked = host.machine === 'running';
  // A machine that is off or not brought up has no value (`–`). A running one that does not report it has an unknown
  // one (`?`).
  const missing = asked ? '?' : '–';
  const shown = (value: string | number | null, unit = '') => (value === null ? missing : `${value}${unit}`);
  const serverKnown = host.mysql !== null && host.mysql !== 'active' ? '–' : missing;
  const server = (value: string | number | null, unit = '') => (value === null ? serverKnown : `${value}${unit}`);
  return [
    host.host,
    host.cluster,
    host.datacenter,
    host.machine,
    host.ssh === null ? missing : unicodeSigns[host.ssh === 'ok' ? 'good' : 'bad'],
    server(host.version === null ? null : serverName(host.version)),
    shown(host.mysql),
    server(host.replication?.split(':')[0] ?? null),
    host.replication === null || host.replication === 'primary' ? '–' : server(host.lagSeconds, ' s'),
    server(host.ledger),
    host.volume === null ? missing : `${host.volume.replace('/dev/mapper/', '')} ${host.fileSystem}`,
    shown(host.datadirUsedPercent, ' %'),
    host.memoryBytes === null ? missing : shortSize(host.memoryBytes),
  ];
}

function remarks({ host, ssh, replication, faults }: HostStatus): string[] {
  const lines: string[] = [];
  if (faults.length > 0)
    lines.push(`faults made: ${faults.map(({ name, args }) => [name, ...args].join(' ')).join(', ')}`);
  if (ssh !== null && ssh !== 'ok') lines.push(`ssh: ${ssh}`);
  if (replication?.startsWith('broken: ')) lines.push(`replication ${replication}`);
  return lines.map((line) => `${host}  ${line}`);
}

/** `9.7.4-2` -> `MySQL 9.7.4`; `10.11.19-MariaDB-0+deb12u1-log` -> `MariaDB 10.11.19`. */
function serverName(version: string): string {
  return `${version.includes('MariaDB') ? 'MariaDB' : 'MySQL'} ${version.split('-')[0]}`;
}
