// The snapshots of a fleet, made by reseed or not, as all lists show them. Pure.
import type { HostReport, LogicalVolume } from '../host/facts.ts';
import { isOfDatadir, isSnapshot, marksOf } from '../host/storage/snapshots.ts';
import type { Host } from '../inventory/settings.ts';

export interface ListedSnapshot {
  readonly host: Host;
  readonly volume: LogicalVolume;
  /** Of the volume that the datadir is on. */
  readonly ofDatadir: boolean;
  /** By the host's own clock, which dated it. */
  readonly ageMs?: number;
  readonly madeBy: Maker;
}

/** A job by its key; reseed, of a job that is not known any more; or not by reseed. */
export type Maker =
  | { readonly kind: 'job'; readonly key: string }
  | { readonly kind: 'reseed' }
  | { readonly kind: 'not reseed' };

export interface HostSaid {
  readonly host: Host;
  readonly report: HostReport;
}

/**
 * Those of the datacenter `near` first, then one datacenter after the other, as the inventory has them; of each host those of
 * its datadir first, the newest first. A host that tells nothing of its volumes has none here.
 */
export function listSnapshots(hosts: readonly HostSaid[], near?: string): ListedSnapshot[] {
  const order = [...new Set([near, ...hosts.map(({ host }) => host.datacenter)])];
  return hosts
    .toSorted((one, other) => order.indexOf(one.host.datacenter) - order.indexOf(other.host.datacenter))
    .flatMap(ofHost);
}

function ofHost({ host, report }: HostSaid): ListedSnapshot[] {
  const { lvm, system } = report;
  if (!lvm?.ok) return [];
  const nowMs = system?.ok ? system.value.clockMs : undefined;
  return lvm.value.volumes
    .filter((volume) => isSnapshot(volume) && passes(host.snapshot.filter, volume.volume))
    .map((volume): ListedSnapshot => {
      const ageMs =
        nowMs !== undefined && volume.createdSeconds !== undefined ? nowMs - volume.createdSeconds * 1000 : undefined;
      return {
        host,
        volume,
        ofDatadir: isOfDatadir(volume, lvm.value),
        ...(ageMs !== undefined && { ageMs }),
        madeBy: makerOf(volume),
      };
    })
    .toSorted(
      (one, other) =>
        Number(other.ofDatadir) - Number(one.ofDatadir) ||
        (other.volume.createdSeconds ?? 0) - (one.volume.createdSeconds ?? 0),
    );
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
