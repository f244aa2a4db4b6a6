// Where the replicas of a server reach it. `ssh.host` of the inventory may be an alias of ssh's own configuration, or lie in a network of its own
// for administration. Pure.
import { BlockList, isIP } from 'node:net';
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

/**
 * By most of the replicas that are connected to it now, known by its server_uuid, or a MariaDB's server_id; undefined: there is none. Those of its own
 * machine, or that come by a tunnel, have an address that is another server for others: on a target, the target itself.
 */
export function replicaAddress(server: Known, others: readonly Known[]): Address | undefined {
  const elsewhere = new Set(others.map(({ host }) => host.ssh.host).filter((one) => one !== server.host.ssh.host));
  const channels = others
    .filter(({ host }) => host.name !== server.host.name && host.ssh.host !== server.host.ssh.host)
    .flatMap(({ host, report: { replication } }) =>
      replication?.ok ? replication.value.channels.map((channel) => ({ channel, cluster: host.cluster })) : [],
    )
    .filter(
      ({ channel, cluster }) =>
        isOf(server, channel, cluster) && !isLoopback(channel.sourceHost) && !elsewhere.has(channel.sourceHost),
    )
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

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8);
loopback.addAddress('::1', 'ipv6');
// What a server listens at, and a client takes for its own machine.
loopback.addAddress('0.0.0.0');
loopback.addAddress('::', 'ipv6');

/** IPv4 in IPv6 counts too. */
function isLoopback(address: string): boolean {
  const version = isIP(address);
  if (version !== 0) return loopback.check(address, version === 4 ? 'ipv4' : 'ipv6');
  return (
    /^(ip6-)?(localhost|loopback)(6|[46]?\.localdomain[46]?)?\.?$/i.test(address) || /\.localhost\.?$/i.test(address)
  );
}
