// Which host of the inventory a server is that another one names, from what is known before a job. Pure.
import type { NameOf } from '../../fleet/role-words.ts';
import type { HostReport } from '../../host/facts.ts';
import type { Host } from '../../inventory/settings.ts';

export interface Known {
  readonly host: Host;
  /** Absent: it was not asked. */
  readonly report?: HostReport;
}

/**
 * By its uuid; else by an address or a name, at the port. One host alone has it: a name out of several would be a guess. So would the name
 * of a host whose server's port is not known: another server may have the port that was told.
 */
export function nameAmong(known: readonly Known[]): NameOf {
  return ({ host: address, port, uuid }) => {
    const isSame = ({ report }: Known) => uuid && report?.server?.ok && report.server.value.serverUuid === uuid;
    const isAtPort = ({ report }: Known) => port === undefined || portOf(report) === port;
    const same = known.filter(isSame);
    const atAddress = known.filter(({ host }) => host.ssh.host === address || host.name === address).filter(isAtPort);
    const [one, ...more] = same.length > 0 ? same : atAddress;
    return more.length === 0 ? one?.host.name : undefined;
  };
}

/** Of a server that is down, what its option files say. */
function portOf({ server, config }: HostReport = {}): number | undefined {
  if (server?.ok) return server.value.port;
  return config?.ok ? config.value.port : undefined;
}
