// Which host replicates from which, over all hosts: no host can tell that alone. Pure.
import type { ReplicationChannel } from '../../host/facts.ts';
import type { FleetPicture, HostPicture } from '../picture.ts';
import { same } from '../same.ts';
import { serviceState } from '../service-state.ts';
import { discoveredFrom, type Stranger } from './discovery.ts';
import { type NamedServer, recogniser } from './identity.ts';
import { roleOf } from './role.ts';

/** Whether a fact that the topology is made from has changed in some host. Both lists are in the order of the inventory. */
export function topologyChanged(before: readonly HostPicture[], after: readonly HostPicture[]): boolean {
  return after.some((host, at) => host !== before[at] && !same(tiesOf(before[at]), tiesOf(host)));
}

/** The facts that a host's ties depend on: identity, sources, replicas. They do not change while all is well. */
function tiesOf(picture: HostPicture | undefined) {
  const { server, replication } = picture?.remembered ?? {};
  const { system, config } = picture?.report ?? {};
  return [
    server && [server.serverUuid, server.serverId, server.port, server.hostname, server.readOnly],
    picture?.wasReplica,
    system?.ok && system.value.hostname,
    config?.ok && config.value.port,
    replication?.channels.map(sourceNamed),
    replication?.replicas,
    !replication && picture !== undefined && isBlank(picture),
  ];
}

function sourceNamed({ sourceHost, sourcePort, sourceUuid, sourceServerId }: ReplicationChannel): NamedServer {
  return {
    host: sourceHost,
    port: sourcePort,
    ...(sourceUuid !== undefined && { uuid: sourceUuid }),
    ...(sourceServerId !== undefined && { serverId: sourceServerId }),
  };
}

/** Adds roles, sources and replicas of every host, and the servers that are not in the inventory. */
export function drawnTogether(picture: FleetPicture): FleetPicture {
  const { hosts } = picture;
  const recognise = recogniser(hosts);
  const sources = new Map<HostPicture, Set<HostPicture>>(hosts.map((host) => [host, new Set()]));
  const replicas = new Map<HostPicture, Set<HostPicture>>(hosts.map((host) => [host, new Set()]));
  const strangers: Stranger[] = [];
  const tie = (source: HostPicture, replica: HostPicture) => {
    sources.get(replica)?.add(source);
    replicas.get(source)?.add(replica);
  };
  for (const of of hosts) {
    for (const named of of.remembered.replication?.channels.map(sourceNamed) ?? []) {
      const source = recognise(named, of);
      if (source) tie(source, of);
      else strangers.push({ named, relation: 'source', of });
    }
    for (const named of of.remembered.replication?.replicas ?? []) {
      const replica = recognise(named, of);
      if (replica) tie(of, replica);
      else strangers.push({ named, relation: 'replica', of });
    }
  }
  const namesOf = (some: ReadonlySet<HostPicture> = new Set()) => [...some].map(nameOf);
  const discovered = discoveredFrom(strangers, new Set(hosts.map(nameOf)));
  const tied = hosts.map((host) =>
    withTies(host, namesOf(sources.get(host)), namesOf(replicas.get(host)), hasSilentMember(host, hosts)),
  );
  return {
    ...picture,
    hosts: tied.map((host) => withMissedPrimary(host, tied)),
    discovered: same(picture.discovered, discovered) ? picture.discovered : discovered,
  };
}

const nameOf = ({ host }: HostPicture) => host.name;

/** A server reports only connected replicas: a host of its cluster that never reported its source may be a replica that is down. */
const hasSilentMember = (of: HostPicture, hosts: readonly HostPicture[]): boolean =>
  of.host.cluster !== undefined &&
  hosts.some(
    (one) => one !== of && one.host.cluster === of.host.cluster && !one.remembered.replication && !isBlank(one),
  );
const isBlank = (one: HostPicture) => serviceState(one) === 'blank';

/** A server of its own takes writes, and never had a source: it misses none. */
function withMissedPrimary(of: HostPicture, hosts: readonly HostPicture[]): HostPicture {
  const { replication, server } = of.remembered;
  const isAlone = replication?.channels.length === 0 && of.replicas.length === 0 && replication.replicas.length === 0;
  const should = of.wasReplica === true || server?.readOnly === true;
  const primaries =
    isAlone && should && of.host.cluster !== undefined
      ? hosts.filter((one) => one.host.cluster === of.host.cluster && one.role === 'primary')
      : [];
  const missed = primaries.length === 1 && primaries[0] ? nameOf(primaries[0]) : undefined;
  if (missed === of.missedPrimary) return of;
  const { missedPrimary: _, ...rest } = of;
  return missed === undefined ? rest : { ...rest, missedPrimary: missed };
}

function withTies(
  before: HostPicture,
  sources: readonly string[],
  replicas: readonly string[],
  mayHaveMore: boolean,
): HostPicture {
  const role = roleOf(before, { isNamedSource: replicas.length > 0, mayHaveMore });
  const stays = role === before.role && same(sources, before.sources) && same(replicas, before.replicas);
  return stays ? before : { ...before, role, sources, replicas };
}
