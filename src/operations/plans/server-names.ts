// Which host of the inventory is meant by a server that another one names, from the facts before a job. Pure.
import type { NameOf } from '../../fleet/topology/role-words.ts';
import type { HostReport } from '../../host/facts.ts';
import type { Host } from '../../inventory/settings.ts';

export interface Known {
  readonly host: Host;
  /** Absent: it was not asked. */
  readonly report?: HostReport;
}

/**
 * By its uuid; else by an address or a name, at the port. Only one host may fit: a choice of several would be a guess.
 * A host that was not asked counts with the usual port, unless the inventory says that its server is set up otherwise:
 * then it does not fit.
 */
export function nameAmong(known: readonly Known[]): NameOf {
  return ({ host: address, port, uuid }) => {
    const isSame = ({ report }: Known) => uuid && report?.server?.ok && report.server.value.serverUuid === uuid;
    const isAtPort = (one: Known) => port === undefined || portOf(one) === port;
    const same = known.filter(isSame);
    const atAddress = known.filter(({ host }) => host.ssh.host === address || host.name === address).filter(isAtPort);
    const [one, ...more] = same.length > 0 ? same : atAddress;
    return more.length === 0 ? one?.host.name : undefined;
  };
}

const commonPort = 3306;

/** For a server that is down, from its option files. */
function portOf({ host: { mysql }, report }: Known): number | undefined {
  if (!report) return Object.keys(mysql).length === 0 ? commonPort : undefined;
  const { server, config } = report;
  if (server?.ok) return server.value.port;
  return config?.ok ? config.value.port : undefined;
}
