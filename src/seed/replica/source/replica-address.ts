// Where the replicas of a server reach it. `ssh.host` of the inventory may be an alias of ssh's own configuration, or lie in a network of its own
// for administration. Pure.
import type { HostReport, ReplicationChannel } from '../../../host/facts.ts';
import type { Host } from '../../../inventory/settings.ts';

interface Known {
  readonly host: Host;
  readonly report: HostReport;
}

interface Address {
  readonly host: string;
  readonly port: number;
}

/** By most of the replicas that are connected to it now, known by its server_uuid, or a MariaDB's server_id; undefined: there is none. */
export function replicaAddress(server: Known, others: readonly Known[]): Address | undefined {
  const channels = others
    .filter(({ host }) => host.name !== server.host.name)
    .flatMap(({ host, report: { replication } }) =>
      replication?.ok ? replication.value.channels.map((channel) => ({ channel, cluster: host.cluster })) : [],
    )
    .filter(({ channel, cluster }) => isOf(server, channel, cluster))
    .map(({ channel: { sourceHost, sourcePort } }) => ({ host: sourceHost, port: sourcePort }));
  const alike = [...Map.groupBy(channels, ({ host, port }) => `${host}:${port}`).values()];
  const [most] = alike.toSorted((one, other) => other.length - one.length);
  return most?.[0];
}

function isOf({ host, report: { server } }: Known, channel: ReplicationChannel, cluster: string | undefined): boolean {
  if (!server?.ok || channel.ioThread !== 'running') return false;
  const { serverUuid, serverId } = server.value;
  if (channel.sourceUuid !== undefined) return channel.sourceUuid === serverUuid;
  return cluster !== undefined && cluster === host.cluster && channel.sourceServerId === serverId;
}
