// The room that snapshots of a volume take: of its volume group, or of its thin pool. Whether that leaves what is to stay free. Pure.
import type { LogicalVolume, LvmFacts } from '../host/facts.ts';
import type { SnapshotSize } from '../inventory/settings.ts';
import type { SpaceNamed } from '../scripts/volume-space-words.ts';
import { shortSize } from '../text/amounts.ts';

/** Above this, a pool may become full while the snapshot exists, and a full pool stops its origin: a live database. */
export const fullestPoolPercent = 80;

export interface Space {
  readonly sizeBytes: number;
  readonly freeBytes: number;
  /** Only of a thin pool. */
  readonly metadataPercent?: number;
}

/** What is to stay free. */
export interface Wanted {
  readonly freeBytes: number;
  /** How full the metadata of a thin pool may be. */
  readonly metadataPercent: number;
}

/** What snapshots of that volume fill. */
export const spaceNameOf = ({ group, pool }: Pick<LogicalVolume, 'group' | 'pool'>): SpaceNamed =>
  pool === undefined ? { group } : { group, pool };

/** undefined: the host does not tell it. */
export function spaceOf({ group, pool }: SpaceNamed, { groups, volumes }: LvmFacts): Space | undefined {
  if (pool === undefined) return groups.find(({ name }) => name === group);
  const found = volumes.find((one) => one.group === group && one.volume === pool);
  if (found?.usedPercent === undefined || found.metadataPercent === undefined) return undefined;
  return poolSpace(found.sizeBytes, found.usedPercent, found.metadataPercent);
}

const poolSpace = (sizeBytes: number, usedPercent: number, metadataPercent: number): Space => ({
  sizeBytes,
  freeBytes: Math.round((sizeBytes * (100 - usedPercent)) / 100),
  metadataPercent,
});

/** Of a pool more is wanted than `fullestPercent` leaves, or as much. */
export function wantedOf(free: SnapshotSize, { sizeBytes, metadataPercent }: Space, fullestPercent = 100): Wanted {
  const bytes = 'bytes' in free ? free.bytes : (sizeBytes * free.percent) / 100;
  const isPool = metadataPercent !== undefined;
  const leastBytes = isPool ? (sizeBytes * (100 - fullestPercent)) / 100 : 0;
  // Bytes of data say nothing of metadata.
  const share = 'percent' in free ? 100 - free.percent : fullestPoolPercent;
  return {
    freeBytes: Math.floor(Math.max(bytes, leastBytes)),
    metadataPercent: Math.max(0, Math.min(share, fullestPercent)),
  };
}

/** How many bytes are lacking; of metadata alone 1, since its bytes are another matter. 0: nothing is. */
export function lackingBytes(space: Space, wanted: Wanted): number {
  const bytes = Math.max(0, wanted.freeBytes - space.freeBytes);
  return bytes === 0 && (space.metadataPercent ?? 0) > wanted.metadataPercent ? 1 : bytes;
}

/** `vg0 has 1.2G free, 2.0G are wanted`; of a pool `the thin pool vgcrm/pool is 84 % full, 80 % at most is wanted` */
export function spaceText({ group, pool }: SpaceNamed, space: Space, wanted: Wanted): string {
  if (pool === undefined)
    return `${group} has ${shortSize(space.freeBytes)} free, ${shortSize(wanted.freeBytes)} are wanted`;
  const { metadataPercent = 0 } = space;
  const used = usedPercentOf(space);
  const isMetadata = metadataPercent > wanted.metadataPercent && space.freeBytes >= wanted.freeBytes;
  const [full, most] = isMetadata
    ? [metadataPercent, wanted.metadataPercent]
    : [used, 100 - (wanted.freeBytes / space.sizeBytes) * 100];
  const of = isMetadata ? ' of its metadata' : '';
  // 80.4 % is more than 80 %; LVM tells hundredths.
  const [fullShown, mostShown] = [Math.ceil(hundredths(full)), Math.floor(hundredths(most))];
  return `the thin pool ${group}/${pool} is ${fullShown} % full${of}, ${mostShown} % at most is wanted`;
}

const hundredths = (percent: number) => Math.round(percent * 100) / 100;

const usedPercentOf = ({ sizeBytes, freeBytes }: Space): number => ((sizeBytes - freeBytes) / sizeBytes) * 100;

/** The output of volume-space.sh. undefined: it is none, or LVM does not know it. */
export function readSpace(text: string, { pool }: SpaceNamed): Space | undefined {
  const rows = new Map(text.split('\n').map((line) => [line.split('|')[0], line.split('|')]));
  const [, size, free] = rows.get('group') ?? [];
  const [, , poolSize, data, metadata] = rows.get('pool') ?? [];
  const space =
    pool === undefined
      ? { sizeBytes: figure(size), freeBytes: figure(free) }
      : poolSpace(figure(poolSize), figure(data), figure(metadata));
  return Object.values(space).every(Number.isFinite) && space.sizeBytes > 0 ? space : undefined;
}

/** Digits, perhaps with decimals; NaN for anything else. */
const figure = (text: string | undefined) => (/^\d+(\.\d+)?$/.test(text ?? '') ? Number(text) : Number.NaN);
