// The output of `snapshot.sh use`: how full a snapshot is, and which space it fills.

export interface SnapshotUse {
  /** False: the snapshot's data is lost. */
  readonly valid: boolean;
  /** The space that fills up: a classic snapshot's copy-on-write space, or the data space of a thin snapshot's pool. */
  readonly roomBytes: number;
  readonly usedPercent: number;
  /** Only for a thin snapshot. */
  readonly pool?: { readonly name: string; readonly metadataPercent: number };
  /** Free space of the volume group: the limit for extending a classic snapshot. */
  readonly freeBytes: number;
}

/** undefined: this is not the output of the script, or LVM does not know how full it is. */
export function readUse(text: string): SnapshotUse | undefined {
  const rows = new Map(text.split('\n').map((line) => [line.split('|')[0], line.split('|')]));
  const [, attributes = '', bytes, percent] = rows.get('snapshot') ?? [];
  const [, name, poolAttributes = '', poolBytes, data, metadata] = rows.get('pool') ?? [];
  const common = { freeBytes: figure(rows.get('group')?.[1]) };
  // lvs(8): an overflowed snapshot has `I` as the fifth letter, or `S` while it is suspended; a failed pool `F` as the ninth.
  const use: SnapshotUse =
    name === undefined
      ? { ...common, valid: !/^....[IS]/.test(attributes), roomBytes: figure(bytes), usedPercent: figure(percent) }
      : {
          ...common,
          valid: poolAttributes[8] !== 'F',
          roomBytes: figure(poolBytes),
          usedPercent: figure(data),
          pool: { name, metadataPercent: figure(metadata) },
        };
  const figures = [use.roomBytes, use.usedPercent, use.freeBytes, use.pool?.metadataPercent ?? 0];
  return figures.every(Number.isFinite) ? use : undefined;
}

/** Digits, perhaps with decimals; NaN for anything else. */
const figure = (text: string | undefined) => (/^\d+(\.\d+)?$/.test(text ?? '') ? Number(text) : Number.NaN);
