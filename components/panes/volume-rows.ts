// A host's volume groups, thin pools and datadir volume, as rows of a table. Pure.
import { thresholds } from '../../src/fleet/alerts/thresholds.ts';
import type { LogicalVolume, LvmFacts, VolumeGroup } from '../../src/host/facts.ts';
import { shortSize } from '../../src/text/amounts.ts';
import { bar } from '../base/Bar.ts';
import type { SmallColumn } from '../base/small-table.ts';
import { signsOf, type Tone } from '../base/theme.ts';
import { type PaneScene, span } from './fields.ts';
import { fullness, percentText } from './fullness.ts';

/** The space of a volume group, a thin pool, or the datadir's volume. */
export interface VolumeRow {
  readonly name: string;
  readonly kind: 'group' | 'datadir' | 'thin pool';
  /** Undefined: unknown. */
  readonly sizeBytes: number | undefined;
  /** Undefined: unknown. For the datadir's volume it comes from the file system. */
  readonly freeBytes: number | undefined;
  readonly usedPercent: number | undefined;
  readonly metadataPercent?: number | undefined;
  readonly failed: boolean;
  readonly tone: Tone;
}

/** Volume groups, the datadir's volume, thin pools. */
export function volumeRows({ groups, volumes, datadirVolume }: LvmFacts): readonly VolumeRow[] {
  const pools = volumes.filter(({ kind }) => kind === 'thinPool');
  const own = volumes.find(({ group, volume }) => group === datadirVolume?.group && volume === datadirVolume.volume);
  return [...groups.map(groupRow), ...(datadirVolume ? [datadirRow(datadirVolume, own)] : []), ...pools.map(poolRow)];
}

function groupRow({ name, sizeBytes, freeBytes }: VolumeGroup): VolumeRow {
  const usedPercent = sizeBytes > 0 ? ((sizeBytes - freeBytes) / sizeBytes) * 100 : undefined;
  // Without free space in the group no classic snapshot can be made.
  const tone = freeBytes > 0 ? 'plain' : 'warning';
  return { name, kind: 'group', sizeBytes, freeBytes, usedPercent, failed: false, tone };
}

function datadirRow({ group, volume }: Pick<LogicalVolume, 'group' | 'volume'>, own?: LogicalVolume): VolumeRow {
  return {
    name: `${group}/${volume}`,
    kind: 'datadir',
    sizeBytes: own?.sizeBytes,
    freeBytes: undefined,
    usedPercent: undefined,
    failed: false,
    tone: 'plain',
  };
}

function poolRow({ group, volume, sizeBytes, usedPercent: used, metadataPercent, valid }: LogicalVolume): VolumeRow {
  const worst = Math.max(used ?? 0, metadataPercent ?? 0);
  return {
    name: `${group}/${volume}`,
    kind: 'thin pool',
    sizeBytes,
    freeBytes: used === undefined ? undefined : Math.floor(sizeBytes * (1 - used / 100)),
    usedPercent: used,
    metadataPercent,
    failed: !valid,
    tone: valid ? fullness(worst, thresholds.poolPercent, thresholds.poolCriticalPercent) : 'bad',
  };
}

export function volumeColumns(rows: readonly VolumeRow[], { look }: PaneScene): readonly SmallColumn<VolumeRow>[] {
  const { bad, none } = signsOf(look);
  const size = (bytes: number | undefined) => (bytes === undefined ? '?' : shortSize(bytes));
  const ofPools: readonly SmallColumn<VolumeRow>[] = [
    {
      title: 'METADATA',
      align: 'right',
      cell: ({ kind, metadataPercent, tone }) =>
        kind === 'thin pool' ? span(percentText(metadataPercent), tone) : span(''),
    },
  ];
  return [
    { title: 'VOLUME', cuts: true, cell: ({ name, tone }) => span(name, tone) },
    { title: 'KIND', cell: ({ kind }) => span(kind, 'dim') },
    { title: 'SIZE', align: 'right', least: 5, goes: 1, cell: ({ sizeBytes }) => span(size(sizeBytes)) },
    {
      title: 'FREE',
      align: 'right',
      least: 5,
      cell: ({ kind, freeBytes, tone }) => span(kind === 'datadir' ? none : size(freeBytes), tone),
    },
    {
      title: 'USED',
      least: poolCells + ' 100 %'.length,
      cell: ({ kind, failed, usedPercent: used, tone }) => {
        if (failed) return span(`${bad} failed`, 'bad');
        return kind === 'datadir' ? span('') : span(`${bar(used, poolCells, look).text} ${percentText(used)}`, tone);
      },
    },
    ...(rows.some(({ kind }) => kind === 'thin pool') ? ofPools : []),
  ];
}

const poolCells = 8;
