// The snapshots of a fleet, made by reseed or not, for all lists. Pure.
import type { HostReport, LogicalVolume } from '../host/facts.ts';
import { isOfDatadir, isSnapshot, marksOf } from '../host/storage/snapshots.ts';
import type { Host } from '../inventory/settings.ts';
import { shortDuration } from '../text/amounts.ts';
import { twoPartDuration } from '../text/times.ts';

export interface ListedSnapshot {
  readonly host: Host;
  readonly volume: LogicalVolume;
  /** Whether its origin is the datadir's volume. */
  readonly ofDatadir: boolean;
  /** By the host's own clock, which dated it. */
  readonly ageMs?: number;
  readonly madeBy: Maker;
  /** It was proved to restore. */
  readonly restores?: {
    /** How long ago, by the host's own clock. */
    readonly agoMs?: number;
    readonly tookMs: number;
    /** How much of the bytes was read. */
    readonly percent: number;
  };
}

/** `proved 3 h ago, 4 min 10 s`; of a part `20 % proved 3 h ago, 4 min 10 s` */
export const restoresText = ({ agoMs, tookMs, percent }: NonNullable<ListedSnapshot['restores']>): string =>
  `${percent < 100 ? `${percent} % ` : ''}proved${agoMs === undefined ? '' : ` ${shortDuration(agoMs)} ago`}, ${twoPartDuration(tookMs)}`;

/** A job, by its key; reseed, for a job that is unknown now; or another program. */
export type Maker =
  | { readonly kind: 'job'; readonly key: string }
  | { readonly kind: 'reseed' }
  | { readonly kind: 'not reseed' };

export interface HostSaid {
  readonly host: Host;
  readonly report: HostReport;
}

/**
 * Snapshots of the datacenter `near` first, then one datacenter after the other, in the inventory's order. For each
 * host, snapshots of its datadir first, the newest first. A host that does not report its volumes has none here.
 */
export function listSnapshots(hosts: readonly HostSaid[], near?: string): ListedSnapshot[] {
  const order = [...new Set([near, ...hosts.map(({ host }) => host.datacenter)])];
  return hosts
    .toSorted((one, other) => order.indexOf(one.host.datacenter) - order.indexOf(other.host.datacenter))
    .flatMap(ofHost);
}

/** Hosts that may have snapshots which are not listed, and why. One without LVM's programs has none. */
export const unlisted = <H extends HostSaid>(hosts: readonly H[]): { readonly host: Host; readonly why: string }[] =>
  hosts.flatMap(({ host, report: { lvm } }) =>
    lvm?.ok || lvm?.missing ? [] : [{ host, why: lvm?.why ?? 'its volumes were not told' }],
  );

function ofHost({ host, report }: HostSaid): ListedSnapshot[] {
  const { lvm, system } = report;
  if (!lvm?.ok) return [];
  const nowMs = system?.ok ? system.value.clockMs : undefined;
  return lvm.value.volumes
    .filter(
      (volume) =>
        isSnapshot(volume) &&
        !marksOf(volume).isCopy &&
        (marksOf(volume).ours || passes(host.snapshot.filter, volume.volume)),
    )
    .map((volume): ListedSnapshot => {
      const ageMs =
        nowMs !== undefined && volume.createdSeconds !== undefined ? nowMs - volume.createdSeconds * 1000 : undefined;
      return {
        host,
        volume,
        ofDatadir: isOfDatadir(volume, lvm.value),
        ...(ageMs !== undefined && { ageMs }),
        madeBy: makerOf(volume),
        ...restoresOf(volume, nowMs),
      };
    })
    .toSorted(
      (one, other) =>
        Number(other.ofDatadir) - Number(one.ofDatadir) ||
        (other.volume.createdSeconds ?? 0) - (one.volume.createdSeconds ?? 0),
    );
}

function restoresOf(volume: LogicalVolume, nowMs: number | undefined): Pick<ListedSnapshot, 'restores'> {
  const { restores } = marksOf(volume);
  if (!restores) return {};
  const { atSeconds, tookMs, percent } = restores;
  return {
    restores: { tookMs, percent, ...(nowMs !== undefined && { agoMs: Math.max(0, nowMs - atSeconds * 1000) }) },
  };
}

function makerOf(volume: LogicalVolume): Maker {
  const { job, ours } = marksOf(volume);
  return job === undefined ? { kind: ours ? 'reseed' : 'not reseed' } : { kind: 'job', key: job };
}

/** `*` stands for any text and `?` for one character. */
function passes(filter: string | undefined, name: string): boolean {
  if (filter === undefined) return true;
  const escaped = filter
    .replaceAll(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${escaped}$`, 'su').test(name);
}
