// Which source a target will have. Unless requested otherwise: the donor's source, or the donor if it has none, or if
// its source is the target itself. A donor that is down can't tell its source, so the other hosts of its cluster are
// asked. Pure.
import type { HostReport, ReplicationChannel } from '../../../host/facts.ts';
import { present } from '../../../host/known.ts';
import type { Host } from '../../../inventory/settings.ts';
import { isServerDown, serverState } from '../../../service/server-state.ts';
import { isDonorDown, type SeedRequest, type Side } from '../../request.ts';
import type { ReplicaSource } from '../plan.ts';
import type { Follow } from './origin.ts';
import { replicaAddress } from './replica-address.ts';

export type Source = ReplicaSource;

interface Known {
  readonly host: Host;
  readonly report: HostReport;
}

type Unknown = { readonly ok: false; readonly text: string; readonly advice: string };
type Followed = { readonly ok: true; readonly follow: Follow; readonly source: Source } | Unknown;

const no = (text: string, advice: string): Unknown => ({ ok: false, text, advice });

/** The facts for this decision: reports suffice, before donor and targets are asked for the further facts of a seed. */
interface FollowRequest extends Pick<SeedRequest, 'follow'> {
  readonly method: Pick<SeedRequest['method'], 'donorRuns'>;
  readonly donor: Known & Partial<Pick<Side, 'facts'>>;
  readonly others: readonly Known[];
}

export function whomToFollow(request: FollowRequest, target: Known, vendor: 'mysql' | 'mariadb'): Followed {
  const { donor, follow } = request;
  const given = isDonorDown(request) ? sourceOfStopped(request, target, vendor) : sourceOfRunning(request);
  if (given === 'unknown' && follow !== 'donor') {
    return sourceUnknown(request);
  }
  const source = given === 'unknown' ? undefined : given;
  // A primary that is rebuilt from one of its replicas.
  const isItself = source !== undefined && isHost(source, target);
  if (follow === 'source' && isItself) {
    return no('it would replicate from itself: it is what the donor follows', '--follow donor');
  }
  if (follow === 'source' && !source) {
    return no(`${donor.host.name} replicates from no host: there is no source to follow`, '--follow donor');
  }
  if (source && !isItself && follow !== 'donor') return { ok: true, follow: 'source', source };
  if (request.method.donorRuns && isDonorDown(request)) {
    return no(`it would replicate from ${donor.host.name}, whose server is down`, `reseed start ${donor.host.name}`);
  }
  return { ok: true, follow: 'donor', source: hostAsSource(donor, vendor, request.others) };
}

const sourceUnknown = ({ donor: { host, report }, method }: FollowRequest) =>
  no(
    `its source is unknown: ${host.name} ${isServerDown(report) ? 'is' : 'would be'} down, and no host of its cluster names one`,
    method.donorRuns ? `reseed start ${host.name}` : '--follow donor: it is started again after the copy',
  );

function sourceOfRunning({ donor, others }: FollowRequest): Source | undefined {
  const channel = channelOf(donor);
  return channel && sourceOf(channel, [...others, donor]);
}

/**
 * A stopped donor that other members replicate from was the primary. Otherwise its source is the one they share, or the
 * cluster's only writable server.
 */
function sourceOfStopped(
  request: FollowRequest,
  target: Known,
  vendor: 'mysql' | 'mariadb',
): Source | 'unknown' | undefined {
  const { donor, others } = request;
  const { name, cluster } = donor.host;
  // Without a cluster nothing says that the others belong to it.
  const mates = others.filter(({ host }) => cluster !== undefined && host.name !== name && host.cluster === cluster);
  const followed = mates
    .flatMap((mate) => channelOf(mate) ?? [])
    .map((channel) => sourceOf(channel, [...others, donor]));
  if (followed.some((source) => isHost(source, donor))) return undefined;
  const [first, ...rest] = followed.filter((source) => !isHost(source, target));
  if (first) return rest.every((source) => isSame(source, first)) ? first : 'unknown';
  const [primary, ...more] = mates.filter((mate) => takesWrites(mate) && mate.host.name !== target.host.name);
  const { server } = primary?.report ?? {};
  if (!primary || more.length > 0 || !server?.ok) return 'unknown';
  return hostAsSource(primary, vendor, others);
}

function takesWrites({ report: { server, replication } }: Known): boolean {
  return (
    server?.ok === true && !server.value.readOnly && replication?.ok === true && replication.value.channels.length === 0
  );
}

const isSame = (one: Source, other: Source) => one.host === other.host && one.port === other.port;

const channelOf = ({ report: { replication } }: Known): ReplicationChannel | undefined =>
  replication?.ok
    ? (replication.value.channels.find(({ name }) => name === '') ?? replication.value.channels[0])
    : undefined;

function sourceOf(channel: ReplicationChannel, hosts: readonly Known[]): Source {
  const { sourceHost: host, sourcePort: port, tls } = channel;
  const known = hostAt(serverNamedBy(channel), hosts);
  return { host, port, tls, ...(known && { known }) };
}

/** A server as a channel names it. */
interface NamedServer {
  readonly host: string;
  readonly port: number;
  readonly sourceUuid?: string;
}

export const serverNamedBy = ({ sourceHost, sourcePort, sourceUuid }: ReplicationChannel): NamedServer => ({
  host: sourceHost,
  port: sourcePort,
  ...present('sourceUuid', sourceUuid),
});

/**
 * The inventory's host: by its server_uuid, else by address and port, since two servers may be on one machine. A server
 * of unknown port may be the one meant. undefined: none fits, or it can't be decided.
 */
export function hostAt({ host: address, port, sourceUuid }: NamedServer, hosts: readonly Known[]): Host | undefined {
  const all = [...new Map(hosts.map((one) => [one.host.name, one])).values()];
  const same = all.filter(
    ({ report: { server } }) => sourceUuid !== undefined && server?.ok && server.value.serverUuid === sourceUuid,
  );
  if (same.length > 0) return same.length === 1 ? same[0]?.host : undefined;
  const there = all.filter(({ host }) => host.ssh.host === address);
  const sure = there.filter((one) => portOf(one) === port);
  const [one, ...more] = sure.length > 0 ? sure : there.filter((one) => portOf(one) === undefined);
  return more.length === 0 ? one?.host : undefined;
}

function portOf({ report: { server, config } }: Known): number | undefined {
  if (server?.ok) return server.value.port;
  return config?.ok ? config.value.port : undefined;
}

function isHost({ known, host, port }: Source, one: Known): boolean {
  if (known) return known.name === one.host.name;
  return host === one.host.ssh.host && (portOf(one) ?? port) === port;
}

/** As its replicas reach it, else by the address of ssh. MySQL has made its own certificates since 5.7; MariaDB has none before 11.4 unless it was given some. */
export function hostAsSource(
  source: FollowRequest['donor'],
  vendor: 'mysql' | 'mariadb',
  others: readonly Known[],
): Source {
  const { host, facts, report } = source;
  const asked = facts ? facts.variables.port : report.server?.ok ? report.server.value.port : undefined;
  const own = { host: host.ssh.host, port: Number(asked ?? 3306) };
  return { ...(replicaAddress(source, others) ?? own), tls: vendor === 'mysql', known: host };
}

/** Whether a server already logs in at that source. */
export function follows(one: Known, source: Source): boolean {
  const channel = channelOf(one);
  return channel?.sourceHost === source.host && channel.sourcePort === source.port;
}

/** One replicates from the other, or both from one source. */
export function areRelated(one: Known, other: Known, hosts: readonly Known[]): boolean {
  const all = [...hosts, one, other];
  const [ofOne, ofOther] = [one, other].map((known) => {
    const channel = channelOf(known);
    return channel && sourceOf(channel, all);
  });
  if (ofOne && ofOther && isSame(ofOne, ofOther)) return true;
  return (ofOne !== undefined && isHost(ofOne, other)) || (ofOther !== undefined && isHost(ofOther, one));
}

export const isUp = ({ report: { service } }: Known): boolean =>
  service?.ok === true && serverState(service.value) === 'up';
