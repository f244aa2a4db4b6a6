// Which of a host's volumes are snapshots, classic or thin, and which of these are snapshots of the datadir's volume.
// Pure.
import type { Badge } from '../../text/badge.ts';
import type { LogicalVolume, LvmFacts } from '../facts.ts';

export const isSnapshot = ({ kind }: LogicalVolume): boolean => kind === 'snapshot' || kind === 'thinSnapshot';

/** Whether it is a snapshot of the volume that the datadir is on. */
export const isOfDatadir = (volume: LogicalVolume, { datadirVolume }: LvmFacts): boolean => isOf(volume, datadirVolume);

/** Whether a volume is a snapshot of `origin`. False for all where that is unknown. */
export const isOf = (
  { group, origin }: Pick<LogicalVolume, 'group' | 'origin'>,
  of: Pick<LogicalVolume, 'group' | 'volume'> | undefined,
): boolean => of !== undefined && group === of.group && origin === of.volume;

/** What reseed's tags on a volume mean. */
export interface Marks {
  /** Reseed made it. */
  readonly ours: boolean;
  /** The key of the job that made it. */
  readonly job?: string;
  /** The name by which that job knows it, where a command of the inventory gave it another (take-snapshot.sh). */
  readonly knownAs?: string;
  /** The snapshot was complete, and its coordinates were on the disk, when this tag was written. */
  readonly proved: boolean;
  /** A server was started on a copy of it, and read its tables (src/proof); absent: not that it is known. */
  readonly restores?: Restores;
  /** It is the writable copy of a snapshot, which a proof removes at its end. */
  readonly isCopy: boolean;
  /** Whether sessions had open temporary tables that the server's binary log uses; absent: not checked. */
  readonly tempTables?: SnapshotTempTables;
}

export type SnapshotTempTables = 'none' | 'open' | 'unknown';

export interface Restores {
  /** When that was, in seconds since 1970 by the host's clock. */
  readonly atSeconds: number;
  readonly tookMs: number;
  /** How much of the bytes was read, in percent. */
  readonly percent: number;
}

const jobTag = 'reseed-job=';
const knownAsTag = 'reseed-as=';
const tempTablesTag = 'reseed-temp-tables=';
/** The third figure is the part that was read; without it: all. */
const restoresTag = /^reseed-restores=(\d{1,12}):(\d{1,12})(?::(\d{1,2}))?$/;

export function marksOf({ tags }: { readonly tags: readonly string[] }): Marks {
  const job = tags.find((tag) => tag.startsWith(jobTag))?.slice(jobTag.length);
  const knownAs = tags.find((tag) => tag.startsWith(knownAsTag))?.slice(knownAsTag.length);
  const told = tags.find((tag) => tag.startsWith(tempTablesTag))?.slice(tempTablesTag.length);
  const tempTables = told === undefined || told === 'none' || told === 'open' ? told : 'unknown';
  const restores = tags.flatMap((tag): Restores[] => {
    const [, at, took, part] = restoresTag.exec(tag) ?? [];
    return at === undefined
      ? []
      : [{ atSeconds: Number(at), tookMs: Number(took), percent: part === undefined ? 100 : Number(part) }];
  });
  return {
    ours: tags.includes('reseed'),
    ...(job && { job }),
    ...(knownAs && { knownAs }),
    proved: tags.includes('reseed-proved'),
    isCopy: tags.includes('reseed-copy'),
    ...(restores.length > 0 && { restores: restores.toSorted((one, other) => other.atSeconds - one.atSeconds)[0] }),
    ...(tempTables && { tempTables }),
  };
}

export const datadirSnapshots = (lvm: LvmFacts): LogicalVolume[] =>
  lvm.volumes.filter((volume) => isSnapshot(volume) && isOfDatadir(volume, lvm));

export type SnapshotState = 'invalid' | 'mounted' | 'valid';

/** The data of an `invalid` snapshot is lost. */
export const snapshotBadges: Readonly<Record<SnapshotState, Badge>> = {
  invalid: { sign: 'bad', word: 'invalid', tone: 'bad' },
  mounted: { sign: 'up', word: 'mounted', tone: 'accent' },
  valid: { sign: 'good', word: 'valid', tone: 'good' },
};

export function snapshotBadge({ valid, mountPoints }: Pick<LogicalVolume, 'valid' | 'mountPoints'>): Badge {
  if (!valid) return snapshotBadges.invalid;
  return snapshotBadges[mountPoints.length > 0 ? 'mounted' : 'valid'];
}
