// Which hosts of the inventory have a channel that names a server: also those that are stopped, or away for a moment. Pure.
import { isIP } from 'node:net';
import type { ReplicationChannel, ServerFacts } from '../../host/facts.ts';
import type { OtherHost, Side } from '../request.ts';

type NamedServer = Pick<ServerFacts, 'hostname' | 'serverUuid' | 'port'>;

/** Whether a channel names it, connected or not. */
export const replicatesFrom = (...words: Parameters<typeof channelsFrom>): boolean => channelsFrom(...words).length > 0;

/**
 * The channels that name it, connected or not: by its uuid, by a name, or by an address that it has. Sites have hosts of one name, and a port is 3306
 * everywhere: of a host of another cluster the whole name has to be its own, and no other uuid may be known.
 */
export function channelsFrom(
  { host: other, report: { replication } }: Pick<OtherHost, 'host' | 'report'>,
  { host, facts, report: { system, server: present } }: Side,
  server: NamedServer,
): readonly ReplicationChannel[] {
  if (!replication?.ok) return [];
  const known = [host.name, host.ssh.host, server.hostname, ...(system?.ok ? [system.value.hostname] : [])];
  const names = [...known, ...Object.values(facts.routes)].map(plainName).filter((name) => name !== '');
  const isOfCluster = other.cluster === host.cluster;
  return replication.value.channels.filter((channel) => {
    if (channel.sourceUuid !== undefined && channel.sourceUuid === server.serverUuid) return true;
    if (channel.sourcePort !== server.port) return false;
    if (isOfAnother(channel, { ...(present?.ok && { serverId: present.value.serverId }), ...server }, isOfCluster))
      return false;
    const named = plainName(channel.sourceHost);
    return names.some((name) =>
      isOfCluster ? mayBeOne(name, named) : name === named && (named.includes('.') || isIP(named) !== 0),
    );
  });
}

/** One that is stopped may have replicated from it before it got new data, and with that another uuid. A MariaDB has its server_id alone. */
function isOfAnother(
  { ioThread, sourceUuid, sourceServerId }: ReplicationChannel,
  { serverUuid, serverId }: Pick<ServerFacts, 'serverUuid'> & { readonly serverId?: number },
  isOfCluster: boolean,
): boolean {
  if (sourceUuid !== undefined && serverUuid !== undefined) {
    return sourceUuid !== serverUuid && (!isOfCluster || ioThread === 'running');
  }
  return (
    ioThread === 'running' && sourceServerId !== undefined && serverId !== undefined && sourceServerId !== serverId
  );
}

const plainName = (name: string): string => name.toLowerCase().replace(/\.$/, '');

/** `db1` and `db1.example.com` may be one host, `db1.eu.example.com` is another; the parts of an address mean nothing alone. */
function mayBeOne(one: string, other: string): boolean {
  if (one === other) return true;
  if (isIP(one) !== 0 || isIP(other) !== 0) return false;
  return one === shortName(other) || shortName(one) === other;
}

const shortName = (name: string): string => name.split('.')[0] ?? name;
