// The values of a seed that the operator did not choose: each with where it comes from. Pure.

import type { HostPicture } from '../../../src/fleet/picture.ts';
import type { SeedMethod } from '../../../src/seed/methods/method.ts';
import { maxLagOf } from '../../../src/seed/preflight/replication/lag-checks.ts';
import { accountHolder } from '../../../src/seed/replica/source/account-holder.ts';
import { whomToFollow } from '../../../src/seed/replica/source/followed.ts';
import type { SeedTerms } from '../../../src/seed/request.ts';
import { channelTo } from '../../../src/seed/request.ts';
import { streamsFor } from '../../../src/seed/transfer/moving-plan.ts';
import { limitText } from '../../../src/text/amounts.ts';

/** The hosts with a part in the seed being chosen. */
export interface SeedParties {
  /** Absent: no donor is chosen. */
  readonly donor?: HostPicture;
  /** Of the chosen candidate, or the default. */
  readonly method: SeedMethod;
  readonly targets: readonly HostPicture[];
  readonly others: readonly HostPicture[];
}

const byDefault = '(default)';
const inventory = (key: string, { host }: HostPicture) => `(inventory: ${key} of ${host.name})`;

export function lagValue({ maxLagSeconds }: SeedTerms, { donor }: SeedParties): string {
  if (maxLagSeconds !== undefined) return Number.isFinite(maxLagSeconds) ? `at most ${maxLagSeconds} s` : 'any';
  if (!donor) return '? (no donor is chosen)';
  const { seconds, isDefault } = maxLagOf(donor.host);
  return `at most ${seconds} s ${isDefault ? byDefault : inventory('seed.maxLagSeconds', donor)}`;
}

export function limitValue({ bandwidthBytesPerSecond: chosen }: SeedTerms, { donor }: SeedParties): string {
  if (chosen !== undefined) return limitText(chosen);
  if (!donor) return '? (no donor is chosen)';
  const limit = donor.host.seed.bandwidthBytesPerSecond;
  return limit === undefined ? `unlimited ${byDefault}` : `${limitText(limit)} ${inventory('seed.bandwidth', donor)}`;
}

export function channelValue({ channel }: SeedTerms, { targets }: SeedParties): string {
  if (channel !== undefined) return channel;
  return ofEach(targets, (target) => {
    const from = target.host.seed.channel === undefined ? byDefault : inventory('seed.channel', target);
    return `${channelTo({}, target)} ${from}`;
  });
}

export function streamsValue({ streams }: SeedTerms, { donor, targets }: SeedParties): string {
  if (streams !== undefined) return String(streams);
  const cpus = [...(donor ? [donor] : []), ...targets].map(({ report: { system } }) =>
    system?.ok ? system.value.cpus : undefined,
  );
  const known = cpus.filter((count) => count !== undefined);
  return donor && known.length === cpus.length ? `${streamsFor(known)} (auto, by the CPUs of both sides)` : 'auto';
}

export function followValue(terms: SeedTerms, parties: SeedParties): string {
  return ofEach(parties.targets, (target) => {
    const followed = followedBy(target, terms, parties);
    if (!followed) return '? (no donor is chosen)';
    if (!followed.ok) return `? (${followed.text})`;
    const { follow, source } = followed;
    const name = source.known?.name ?? source.host;
    return terms.follow === undefined ? `${name} (default: the donor${follow === 'source' ? "'s source" : ''})` : name;
  });
}

export function accountValue(terms: SeedTerms, parties: SeedParties): string {
  if (terms.accountFile !== undefined) return terms.accountFile;
  const { donor } = parties;
  return ofEach(parties.targets, (target) => {
    const followed = followedBy(target, terms, parties);
    if (!donor || !followed?.ok) return '?';
    const holder = accountHolder({ ...parties, donor }, target, followed.source);
    if (!holder) return 'none known: choose a file';
    if (holder.is === 'target') return 'its own';
    return `that of ${holder.is === 'donor' ? donor.host.name : holder.one.host.name} (default)`;
  });
}

function followedBy(target: HostPicture, { follow }: SeedTerms, { donor, method, others }: SeedParties) {
  if (!donor) return undefined;
  const vendor = (target.remembered.server ?? donor.remembered.server)?.vendor === 'mariadb' ? 'mariadb' : 'mysql';
  return whomToFollow({ donor, others, method, ...(follow && { follow }) }, target, vendor);
}

/** One text if all targets have the same value; otherwise one each, with the target's name. */
function ofEach(targets: readonly HostPicture[], value: (target: HostPicture) => string): string {
  const values = targets.map((target) => ({ name: target.host.name, text: value(target) }));
  const [first] = values;
  if (first && values.every(({ text }) => text === first.text)) return first.text;
  return values.map(({ name, text }) => `${name}: ${text}`).join(', ');
}
