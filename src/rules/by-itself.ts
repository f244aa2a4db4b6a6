// Whether a rule may carry a recovery out without a person, by one look at its cluster. In doubt it may not: the plan is there, and a person
// agrees to it. Pure.
import { type AlertKind, type HostPicture, silenceOf } from '../fleet/picture.ts';
import { serviceState } from '../fleet/service-state.ts';
import type { ByItself } from '../inventory/settings.ts';
import { shortDuration } from '../text/amounts.ts';

/** Why not. `isPassing`: it may be so at a later look without anyone's doing, and wakes no one. */
export interface WhyNot {
  readonly text: string;
  readonly isPassing?: true;
}

/** A clock that was put forward makes one look of many minutes. */
const fewestLooks = 3;
const usualMaxLagSeconds = 600;
const mostApartMs = 3_600_000;

interface Standing {
  readonly auto: ByItself;
  /** Looks in a row that found that it meets the rule. */
  readonly looks: number;
  readonly target: HostPicture;
  /** Of the inventory. */
  readonly hosts: readonly HostPicture[];
}

/** undefined: nothing that was seen forbids it. */
export function whyNotBySight(standing: Standing): WhyNot | undefined {
  const { looks, target } = standing;
  if (looks < fewestLooks) return { text: `${looks} looks have found it, and ${fewestLooks} have to`, isPassing: true };
  const text = whyNoTarget(target) ?? whyNoCluster(standing);
  return text === undefined ? undefined : { text };
}

/** What new data mends. */
const healed: readonly AlertKind[] = ['replicationBroken', 'replicationStopped', 'noSource'];

/** It is known to be a replica, of one source, and to take no writes: what it has is there elsewhere, but for what its plan names. */
function whyNoTarget(target: HostPicture): string | undefined {
  const { report, role, host } = target;
  const { server, replication } = report;
  const { name } = host;
  if (host.cluster === undefined) return `${name} is of no cluster`;
  if (!server?.ok || !replication?.ok || serviceState(target) !== 'up')
    return `what ${name} has of its own is not known: its server does not tell`;
  if (role !== 'replica') return `${name} is no replica alone (role: ${role})`;
  // New data on a disk that fails, or is full, breaks again.
  const other = target.alerts.find(({ level, kind }) => level === 'critical' && !healed.includes(kind));
  if (other) return `${name}: ${other.text}`;
  const { channels } = replication.value;
  if (channels.length !== 1) return `${name} replicates by ${channels.length} channels`;
  return server.value.readOnly ? undefined : `${name} takes writes (read_only is OFF): they would be lost`;
}

function whyNoCluster({ auto, target, hosts }: Standing): string | undefined {
  const { cluster } = target.host;
  const mates = hosts.filter(({ host }) => host.cluster === cluster && host.name !== target.host.name);
  const primaries = mates.filter(({ role }) => role === 'primary');
  const [primary] = primaries;
  if (!primary || primaries.length > 1)
    return `${cluster} has ${primaries.length === 0 ? 'no' : 'more than one'} primary`;
  const others = mates.filter((one) => one !== primary && !isUnused(one));
  const bad = others.filter((one) => !isGoodReplica(one));
  const clock = whyNoClock(primary);
  if (clock !== undefined) return clock;
  if (!isWell(primary)) return `the primary of ${cluster}, ${namesOf(primaries)}, is not well`;
  if (bad.length + 1 > auto.maxBroken) {
    const all = `${bad.length + 1} replicas of ${cluster} are not well (${namesOf([target, ...bad])})`;
    return `${all}, and maxBroken is ${auto.maxBroken}: their source may be to blame`;
  }
  const good = others.filter(isGoodReplica);
  return good.length < auto.minGood
    ? `${good.length} ${good.length === 1 ? 'replica' : 'replicas'} of ${cluster} ${good.length === 1 ? 'is' : 'are'} well, and minGood is ${auto.minGood}`
    : undefined;
}

/** The hours of a rule, and for how long a host has met it, are of this machine's clock. */
function whyNoClock({ host: { name }, report: { system }, partAtMs }: HostPicture): string | undefined {
  if (!system?.ok || partAtMs.system === undefined) return undefined;
  const apartMs = Math.abs(system.value.clockMs - partAtMs.system);
  return apartMs > mostApartMs
    ? `the clocks of this machine and of ${name} are ${shortDuration(apartMs)} apart: whether these are its hours is not known`
    : undefined;
}

/** The server was never set up. */
const isUnused = (one: HostPicture) => silenceOf(one.link) === undefined && serviceState(one) === 'blank';

const isWell = (one: HostPicture): boolean =>
  silenceOf(one.link) === undefined &&
  serviceState(one) === 'up' &&
  one.report.server?.ok === true &&
  one.alerts.every(({ level }) => level !== 'critical');

/** Its data may be taken: it replicates, is not late, and nothing is wrong with it. */
export function isGoodReplica(one: HostPicture): boolean {
  const { role, report, host } = one;
  const { replication } = report;
  if (!isWell(one) || (role !== 'replica' && role !== 'intermediate') || !replication?.ok) return false;
  const most = host.seed.maxLagSeconds ?? usualMaxLagSeconds;
  return replication.value.channels.every(
    ({ ioThread, sqlThread, errorNumber, lagSeconds = Number.POSITIVE_INFINITY }) =>
      ioThread === 'running' && sqlThread === 'running' && errorNumber === undefined && lagSeconds <= most,
  );
}

const namesOf = (all: readonly HostPicture[]) => all.map(({ host }) => host.name).join(', ');
