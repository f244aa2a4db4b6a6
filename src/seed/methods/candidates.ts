// The hosts and snapshots that can give a target its data, the best first, each with the reasons; and further possible
// targets. Pure: from the hosts' last answers. The preflight checks a chosen candidate finally.
import type { ReplicationChannel } from '../../host/facts.ts';
import type { Host } from '../../inventory/settings.ts';
import { filtersOf } from '../preflight/replication/filter-checks.ts';
import { type Candidate, type Gift, type Lag, type Seen, volumesUnknown, whyText } from './candidate.ts';
import type { SeedMethod } from './method.ts';
import { methods } from './methods.ts';

export interface Candidates {
  /** The best first; it is the one proposed. */
  readonly candidates: readonly Candidate[];
  /** Hosts of the cluster that can't be the donor. */
  readonly unfit: readonly { readonly host: Host; readonly why: string }[];
}

/** A replica with more lag, or an older snapshot, leaves the target much to catch up. */
const worryingLagSeconds = 60;
const worryingAgeMs = 86_400_000;

export function candidatesFor(target: Seen, all: readonly Seen[]): Candidates {
  const others = mates(target, all).map((one) => ({ one, given: giftsOf(one, target) }));
  return {
    candidates: others
      .flatMap(({ one, given }) => (typeof given === 'string' ? [] : candidatesOf(one, given, target.host)))
      .toSorted((one, other) => better(one, other, target.host)),
    unfit: others.flatMap(({ one: { host }, given }) => (typeof given === 'string' ? [{ host, why: given }] : [])),
  };
}

/** The other hosts of its cluster, each with the reason if it can't be a target. */
export function otherTargets(target: Seen, all: readonly Seen[]): readonly { one: Seen; why: string | undefined }[] {
  return mates(target, all).map((one) => ({ one, why: whyNoTarget(one) }));
}

/** Hosts of the same cluster and, as far as known, the same vendor. */
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

type Given = Gift & Pick<Candidate, 'method'>;

/** By every method; if none works, the reason of the first method. */
function giftsOf(one: Seen, target: Seen): readonly Given[] | string {
  const answers = methods.map((method) => byMethod(method, one, target));
  const given = answers.flatMap((answer) => (typeof answer === 'string' ? [] : answer));
  const [why = ''] = answers.filter((answer) => typeof answer === 'string');
  return given.length > 0 ? given : why;
}

function byMethod(method: SeedMethod, one: Seen, target: Seen): readonly Given[] | string {
  if (one.silence) return one.silence;
  if (method.copies && one.host.readOnly) return 'read-only in the inventory';
  // Until then a method that needs no volume would be proposed where a snapshot is the usual one.
  const isEarly = one.report.lvm === undefined && !one.down;
  if (isEarly && method.copies && !method.readsSnapshot) return volumesUnknown;
  const answer = method.gifts(one, target);
  return typeof answer === 'string' ? answer : answer.map((gift) => ({ ...gift, method }));
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

function candidatesOf({ host, report }: Seen, gifts: readonly Given[], target: Host): readonly Candidate[] {
  const { system, server, replication } = report;
  const near = host.datacenter !== undefined && host.datacenter === target.datacenter;
  const known = {
    donor: host,
    near,
    takesWrites: server?.ok === true && !server.value.readOnly,
    lag: replication?.ok ? lagOf(replication.value.channels) : ({ kind: 'unknown' } as const),
    filters: filtersOf(report) ?? [],
    ...(system?.ok && { loadPerCpu: system.value.load[0] / Math.max(1, system.value.cpus) }),
  };
  return gifts.map((gift) => {
    const candidate = { ...known, ...gift };
    return { ...candidate, why: whyText(candidate, target) };
  });
}

/** Of several channels the worst one. */
function lagOf(channels: readonly ReplicationChannel[]): Lag {
  if (channels.length === 0) return { kind: 'source' };
  if (channels.some(({ ioThread, sqlThread }) => ioThread !== 'running' || sqlThread !== 'running')) {
    return { kind: 'still' };
  }
  const seconds = channels.flatMap(({ lagSeconds }) => lagSeconds ?? []);
  return seconds.length < channels.length ? { kind: 'unknown' } : { kind: 'behind', seconds: Math.max(...seconds) };
}

function better(one: Candidate, other: Candidate, target: Host): number {
  const [ours, theirs] = [rank(one, target), rank(other, target)];
  for (const [place, figure] of ours.entries()) {
    const difference = figure - (theirs[place] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** In seed.method of the target; a method that is not in it comes last. */
function placeOf({ name }: SeedMethod, { seed: { method = [] } }: Host): number {
  const place = method.indexOf(name);
  return place < 0 ? method.length : place;
}

/** The most important value first; less is better. */
function rank(candidate: Omit<Candidate, 'why'>, target: Host): readonly number[] {
  const { method, snapshot, near, takesWrites, lag, filters, ageMs, loadPerCpu } = candidate;
  const old = ageMs === undefined || ageMs > worryingAgeMs;
  const late = lag.kind === 'unknown' || (lag.kind === 'behind' && lag.seconds > worryingLagSeconds);
  return [
    Number(method.reserve !== undefined),
    Number(filters.length > 0),
    placeOf(method, target),
    Number(!method.donorRuns),
    Number(!snapshot && lag.kind === 'still'),
    Number(!near),
    Number(snapshot ? old : late),
    Number(!snapshot && takesWrites),
    Number(snapshot !== undefined),
    methods.indexOf(method),
    // In tenths, so that a slightly changing load does not change the order.
    snapshot ? (ageMs ?? Number.MAX_VALUE) : Math.round((loadPerCpu ?? 1) * 10),
  ];
}
