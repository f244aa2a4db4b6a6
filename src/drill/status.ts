// The current state of every host of the fleet: its process, a login by ssh, and its own report on its serial line.

import { cleanLine } from '../text/clean.ts';
import type { DrillHost } from './host.ts';
import { drillHosts } from './hosts.ts';
import { type MachineState, machineState } from './machine/machine.ts';
import { askSerial } from './machine/serial.ts';
import { tryLogin } from './machine/ssh.ts';
import type { Places } from './places.ts';
import { type FaultRecord, type HostRecord, readState } from './state.ts';

/** One host's state. An unknown value is null: never a guess. */
export interface HostStatus {
  readonly host: string;
  readonly cluster: string;
  readonly datacenter: string;
  readonly address: string;
  readonly machine: MachineState | 'not up';
  /** `ok`, or ssh's error. */
  readonly ssh: string | null;
  /** systemd's word for the server: active, inactive, failed, ... */
  readonly mysql: string | null;
  readonly version: string | null;
  /** `replicating`, `broken: <why>`, `connecting`, `primary`; null: unknown, or no replication set up. */
  readonly replication: string | null;
  readonly lagSeconds: number | null;
  /** The last page of the ledger, to compare a replica with its source. */
  readonly ledger: number | null;
  readonly volume: string | null;
  readonly fileSystem: string;
  readonly datadirUsedPercent: number | null;
  readonly memoryBytes: number | null;
  readonly faults: readonly FaultRecord[];
}

type ReportedFacts = Pick<
  HostStatus,
  'mysql' | 'version' | 'replication' | 'lagSeconds' | 'ledger' | 'volume' | 'datadirUsedPercent' | 'memoryBytes'
>;

/**
 * The state of the hosts `asked`, which may be down. Left out: the hosts that `up` brings up, and other running ones.
 * Undefined: no fleet is up.
 */
export async function fleetStatus(places: Places, asked?: readonly DrillHost[]): Promise<HostStatus[] | undefined> {
  const state = await readState(places);
  if (!state) return undefined;
  const hosts = asked ?? drillHosts.filter(({ name, extra }) => !extra || state.hosts[name]);
  return Promise.all(hosts.map((host) => hostStatus(places, host, state.hosts[host.name])));
}

async function hostStatus(places: Places, host: DrillHost, record: HostRecord | undefined): Promise<HostStatus> {
  const machine = record ? await machineState(record) : 'not up';
  const { name, cluster, datacenter, address, disk } = host;
  const known: HostStatus = {
    host: name,
    cluster,
    datacenter,
    address,
    machine,
    ...nothingReported,
    fileSystem: disk.fileSystem,
    faults: record?.faults ?? [],
  };
  if (machine !== 'running') return known;
  const [ssh, report] = await Promise.all([
    tryLogin(places, host),
    askSerial(places, host, '/usr/local/lib/drill/report.sh', 30_000),
  ]);
  return report === undefined ? { ...known, ssh } : { ...known, ssh, ...reported(host, report) };
}

/** A host without a report. */
export const nothingReported = {
  ssh: null,
  mysql: null,
  version: null,
  replication: null,
  lagSeconds: null,
  ledger: null,
  volume: null,
  datadirUsedPercent: null,
  memoryBytes: null,
} as const;

/** report.sh's lines `name=value` -> facts. */
export function reported(host: DrillHost, report: string): ReportedFacts {
  const facts = new Map(
    report.split('\n').map((line): [string, string] => {
      const at = line.indexOf('=');
      return [line.slice(0, at), cleanLine(line.slice(at + 1))];
    }),
  );
  const text = (name: string) => facts.get(name) || null;
  const number = (name: string) => {
    const value = facts.get(name);
    return value && /^\d+$/.test(value) ? Number(value) : null;
  };
  const memoryKb = number('memory_kb');
  return {
    mysql: text('mysql'),
    version: text('version'),
    replication: replicationWord(host, facts),
    lagSeconds: number('lag_seconds'),
    ledger: number('ledger'),
    volume: text('volume'),
    datadirUsedPercent: number('datadir_used_percent'),
    memoryBytes: memoryKb === null ? null : memoryKb * 1024,
  };
}

function replicationWord(host: DrillHost, facts: ReadonlyMap<string, string>): string | null {
  if (!facts.has('version') || host.blank) return null;
  if (!host.source) return 'primary';
  if (!facts.has('io_thread')) return 'not set up';
  if (facts.get('io_thread') === 'Yes' && facts.get('sql_thread') === 'Yes') return 'replicating';
  const error = facts.get('replication_error');
  return error ? `broken: ${error}` : 'connecting';
}
