// Which of a host's volumes are snapshots, of either kind, and which of those are the datadir's. Pure.
import type { LogicalVolume, LvmFacts } from './facts.ts';

export const isSnapshot = ({ kind }: LogicalVolume): boolean => kind === 'snapshot' || kind === 'thinSnapshot';

/** Of the volume that the datadir is on. */
export const isOfDatadir = ({ group, origin }: LogicalVolume, { datadirVolume }: LvmFacts): boolean =>
  datadirVolume !== undefined && group === datadirVolume.group && origin === datadirVolume.volume;

export const datadirSnapshots = (lvm: LvmFacts): LogicalVolume[] =>
  lvm.volumes.filter((volume) => isSnapshot(volume) && isOfDatadir(volume, lvm));
