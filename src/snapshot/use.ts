// What `snapshot.sh use` tells: how full a snapshot is, and what it fills.

export interface SnapshotUse {
  /** False: what the snapshot held is lost. */
  readonly valid: boolean;
  /** What fills up: the copy-on-write room of a classic snapshot, or the pool's data of a thin one. */
  readonly roomBytes: number;
  readonly usedPercent: number;
  /** Of a thin one. */
  readonly pool?: { readonly name: string; readonly metadataPercent: number };
  /** Of the volume group: how far a classic snapshot can be extended. */
  readonly freeBytes: number;
}

/** undefined: this is not what the script prints, or LVM does not know how full it is. */
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

/** Ciphers, and perhaps decimals; NaN for anything else. */
const figure = (text: string | undefined) => (/^\d+(\.\d+)?$/.test(text ?? '') ? Number(text) : Number.NaN);
