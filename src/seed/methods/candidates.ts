// The hosts and snapshots that can give a target its data, the best first, each with the reasons; and further possible
// targets. Pure: from the hosts' last answers. The preflight checks a chosen candidate finally.
import type { ReplicationChannel } from '../../host/facts.ts';
import type { Host } from '../../inventory/settings.ts';
import { type Ending, type EndingName, endingOf } from '../ending.ts';
import { filtersOf } from '../preflight/replication/filter-checks.ts';
import { type Candidate, type Gift, type Lag, type Seen, volumesUnknown, whyText } from './candidate.ts';
import type { SeedMethod } from './method.ts';
import { methods } from './methods.ts';

export interface Candidates {
  /** The best first; it is the one proposed. */
  readonly candidates: readonly Candidate[];
  /** Hosts of its cluster that can't be the donor. */
  readonly unfit: readonly { readonly host: Host; readonly why: string }[];
}

/** A replica with more lag, or an older snapshot, leaves the target much to catch up. */
const worryingLagSeconds = 60;
const worryingAgeMs = 86_400_000;

/** `ends`: what the target is to be afterwards; absent: a replica. Only a replica needs a donor of its own cluster. */
export function candidatesFor(target: Seen, all: readonly Seen[], ends?: EndingName): Candidates {
  const others = (endOf(ends).catchesUp ? mates(target, all) : kin(target, all)).map((one) => ({
    one,
    given: giftsOf(one, target, ends),
  }));
  return {
    candidates: others
      .flatMap(({ one, given }) => (typeof given === 'string' ? [] : candidatesOf(one, given, { target, ends })))
      .toSorted((one, other) => better(one, other, target.host)),
    unfit: others.flatMap(({ one: { host }, given }) =>
      typeof given === 'string' && host.cluster === target.host.cluster ? [{ host, why: given }] : [],
    ),
  };
}

const endOf = (ends: EndingName | undefined) => endingOf({ ...(ends && { ends }) });

/** The other hosts of its cluster, each with the reason if it can't be a target. */
export function otherTargets(
  target: Seen,
  all: readonly Seen[],
  ends?: EndingName,
): readonly { one: Seen; why: string | undefined }[] {
  return mates(target, all).map((one) => ({ one, why: whyNoTarget(one, endOf(ends)) }));
}

/** Hosts of the same cluster and, as far as known, the same vendor. */
const mates = (target: Seen, all: readonly Seen[]): readonly Seen[] =>
  kin(target, all).filter(({ host }) => host.cluster === target.host.cluster);

/** Hosts of any cluster that have, as far as known, the same vendor. */
function kin(target: Seen, all: readonly Seen[]): readonly Seen[] {
  const ofCluster = all.filter(({ host }) => host.cluster === target.host.cluster);
  const [family] = [target, ...ofCluster].flatMap((one) => familyOf(one) ?? []);
  return all.filter(
    (one) => one.host.name !== target.host.name && (family === undefined || (familyOf(one) ?? family) === family),
  );
}

function familyOf({ server }: Seen): 'mysql' | 'mariadb' | undefined {
  if (!server) return undefined;
  return server.vendor === 'mariadb' ? 'mariadb' : 'mysql';
}

type Given = Gift & Pick<Candidate, 'method'>;

/** By every method; if none works, the reason of the first method. */
function giftsOf(one: Seen, target: Seen, ends: EndingName | undefined): readonly Given[] | string {
  const isSet = endOf(ends).minTargets > 1;
  const able = methods.filter(
    ({ unused, oneByOne }) => (ends === undefined || !unused.includes('ends')) && !(isSet && oneByOne),
  );
  const answers = able.map((method) => byMethod(method, one, target));
  const given = answers.flatMap((answer) => (typeof answer === 'string' ? [] : answer));
  const [why = ''] = answers.filter((answer) => typeof answer === 'string');
  return given.length > 0 ? given : why;
}

function byMethod(method: SeedMethod, one: Seen, target: Seen): readonly Given[] | string {
  if (one.silence) return one.silence;
  if (method.copies && one.host.readOnly) return 'read-only in the inventory';
  // Until then a method that needs no volume would be proposed where a snapshot is the usual one.
  const isEarly = one.report.lvm === undefined && !one.down;
  const untold = isEarly && method.copies && !method.readsSnapshot ? volumesUnknown(one.report.lvm) : undefined;
  if (untold !== undefined) return untold;
  const answer = method.gifts(one, target);
  return typeof answer === 'string' ? answer : answer.map((gift) => ({ ...gift, method }));
}

function whyNoTarget({ host, report: { server, replication }, silence }: Seen, end: Ending): string | undefined {
  if (silence) return silence;
  if (host.readOnly) return 'read-only in the inventory';
  if (!server?.ok) return undefined;
  if (!replication?.ok) return `its replicas: unknown (${replication?.why ?? 'not answered yet'})`;
  const { replicas, channels, replicasUnknown } = replication.value;
  // Whether all of them are in the set is known once the hosts are asked.
  if (replicas.length > 0 && end.minTargets < 2) return 'others replicate from it';
  if (replicasUnknown !== undefined) return `its replicas: unknown (${replicasUnknown})`;
  const takesWrites = channels.length === 0 && !server.value.readOnly;
  return takesWrites && !end.replacesWritable ? 'it takes writes' : undefined;
}

function candidatesOf(
  { host, report }: Seen,
  gifts: readonly Given[],
  { target: { host: target }, ends }: { readonly target: Seen; readonly ends: EndingName | undefined },
): readonly Candidate[] {
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
    return { ...candidate, why: whyText(candidate, target, ends) };
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
    Number(candidate.donor.cluster !== target.cluster),
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
