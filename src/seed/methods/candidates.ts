// Who can give a target its data, the best first, and why; and who else can be given it. Pure: from what hosts said last. What is
// offered here is looked at for good by the preflight.
import type { HostReport, LogicalVolume, ReplicationChannel, ServerFacts } from '../../host/facts.ts';
import { datadirSnapshots, marksOf } from '../../host/snapshots.ts';
import { loopWords } from '../../host/stop-reason.ts';
import type { Host } from '../../inventory/settings.ts';
import { filtersOf } from '../preflight/replication/filter-checks.ts';
import { type Lag, type Offer, whyText } from './offer.ts';

/** A host as it was seen last. */
export interface Seen {
  readonly host: Host;
  readonly report: HostReport;
  /** What the server said of itself when it last spoke: a server that is down has a vendor too. */
  readonly server?: ServerFacts;
  /** Why it does not answer now, as the rest of "db7 ..."; absent where it does. */
  readonly silence?: string;
  /** Its server is down, and is one that was set up. */
  readonly down: boolean;
  /** Whether a job that is not over uses this snapshot of the host. */
  readonly isUsed?: (snapshot: LogicalVolume) => boolean;
}

export interface Offers {
  /** The best first: the one that is proposed. */
  readonly offers: readonly Offer[];
  /** Hosts of the cluster that can't give theirs. */
  readonly unfit: readonly { readonly host: Host; readonly why: string }[];
}

/** A replica further behind, or a snapshot older than that, leaves the target much to catch up. */
const worryingLagSeconds = 60;
const worryingAgeMs = 86_400_000;

export function offersFor(target: Seen, all: readonly Seen[]): Offers {
  const others = mates(target, all).map((one) => ({ one, why: whyUnfit(one) }));
  return {
    offers: others
      .filter(({ why }) => why === undefined)
      .flatMap(({ one }) => offersOf(one, target.host))
      .toSorted(better),
    unfit: others.flatMap(({ one: { host }, why }) => (why === undefined ? [] : [{ host, why }])),
  };
}

/** The others of its cluster, each with what stands against it where something does. */
export function otherTargets(target: Seen, all: readonly Seen[]): readonly { one: Seen; why: string | undefined }[] {
  return mates(target, all).map((one) => ({ one, why: whyNoTarget(one) }));
}

/** Of one cluster and, as far as that is known, of one vendor. */
function mates(target: Seen, all: readonly Seen[]): readonly Seen[] {
  const family = familyOf(target);
  return all.filter((one) => {
    const fits = family === undefined || (familyOf(one) ?? family) === family;
    return one.host.name !== target.host.name && one.host.cluster === target.host.cluster && fits;
  });
}

function familyOf({ server }: Seen): 'mysql' | 'mariadb' | undefined {
  if (!server) return undefined;
  return server.vendor === 'mariadb' ? 'mariadb' : 'mysql';
}

function whyUnfit({ host, report, silence, down }: Seen): string | undefined {
  const { server, lvm } = report;
  if (silence) return silence;
  if (host.readOnly) return 'read-only in the inventory';
  if (down) return undefined;
  if (!server?.ok) return loopWords(report) ?? 'its server is not up';
  return lvm?.ok && lvm.value.datadirVolume ? undefined : 'its datadir is on no LVM volume';
}

function whyNoTarget({ host, report: { server, replication }, silence }: Seen): string | undefined {
  if (silence) return silence;
  if (host.readOnly) return 'read-only in the inventory';
  if (!server?.ok) return undefined;
  if (!replication?.ok) return `its replicas: unknown (${replication?.why ?? 'not answered yet'})`;
  const { replicas, channels, replicasUnknown } = replication.value;
  if (replicas.length > 0) return 'others replicate from it';
  if (replicasUnknown !== undefined) return `its replicas: unknown (${replicasUnknown})`;
  return channels.length === 0 && !server.value.readOnly ? 'it takes writes' : undefined;
}

function offersOf({ host, report, down, isUsed = () => false }: Seen, target: Host): readonly Offer[] {
  const { system, server, replication, lvm } = report;
  const near = host.datacenter !== undefined && host.datacenter === target.datacenter;
  const clockMs = system?.ok ? system.value.clockMs : undefined;
  const known = {
    donor: host,
    near,
    takesWrites: server?.ok === true && !server.value.readOnly,
    lag: replication?.ok ? lagOf(replication.value.channels) : ({ kind: 'unknown' } as const),
    filters: filtersOf(report) ?? [],
    ...(system?.ok && { loadPerCpu: system.value.load[0] / Math.max(1, system.value.cpus) }),
  };
  const taken = lvm?.ok
    ? datadirSnapshots(lvm.value).filter((volume) => volume.valid && marksOf(volume).proved && !isUsed(volume))
    : [];
  const offers: readonly Omit<Offer, 'why'>[] = [
    down ? { ...known, id: `${host.name} stopped`, stopped: true } : { ...known, id: host.name },
    ...taken.map((snapshot) => {
      const { createdSeconds, uuid } = snapshot;
      const ageMs = clockMs === undefined || createdSeconds === undefined ? undefined : clockMs - createdSeconds * 1000;
      return { ...known, id: `${host.name} ${uuid}`, snapshot, ...(ageMs !== undefined && { ageMs }) };
    }),
  ];
  return offers.map((offer) => ({ ...offer, why: whyText(offer, target) }));
}

/** Of several channels the one that is worst off. */
function lagOf(channels: readonly ReplicationChannel[]): Lag {
  if (channels.length === 0) return { kind: 'source' };
  if (channels.some(({ ioThread, sqlThread }) => ioThread !== 'running' || sqlThread !== 'running')) {
    return { kind: 'still' };
  }
  const seconds = channels.flatMap(({ lagSeconds }) => lagSeconds ?? []);
  return seconds.length < channels.length ? { kind: 'unknown' } : { kind: 'behind', seconds: Math.max(...seconds) };
}

function better(one: Offer, other: Offer): number {
  const [ours, theirs] = [rank(one), rank(other)];
  for (const [place, figure] of ours.entries()) {
    const difference = figure - (theirs[place] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** What weighs most stands first; less is better. */
function rank({
  snapshot,
  stopped,
  near,
  takesWrites,
  lag,
  filters,
  ageMs,
  loadPerCpu,
}: Omit<Offer, 'why'>): readonly number[] {
  const old = ageMs === undefined || ageMs > worryingAgeMs;
  const late = lag.kind === 'unknown' || (lag.kind === 'behind' && lag.seconds > worryingLagSeconds);
  return [
    Number(filters.length > 0),
    Number(stopped === true),
    Number(!snapshot && lag.kind === 'still'),
    Number(!near),
    Number(snapshot ? old : late),
    Number(!snapshot && takesWrites),
    Number(snapshot !== undefined),
    // Tenths: a load that flickers must not change the order.
    snapshot ? (ageMs ?? Number.MAX_VALUE) : Math.round((loadPerCpu ?? 1) * 10),
  ];
}
