// The room for what the server writes on the copy of a snapshot: its recovery, its logs, its temporary files. Pure.
import type { HostReport, LogicalVolume, LvmFacts } from '../host/facts.ts';
import type { Host } from '../inventory/settings.ts';
import { type Planned, refusal } from '../job/plan/refusal.ts';
import { defaultSize, sizeInBytes, volumeOf } from '../snapshot/create.ts';
import { fullestPoolPercent } from '../snapshot/space.ts';
import { shortSize } from '../text/amounts.ts';

export type CopyRoom =
  | {
      readonly ok: true;
      /** The datadir's volume. */
      readonly origin: LogicalVolume;
      /** Absent: the copy is thin, and its room is its pool's. */
      readonly bytes?: number;
      /** `vg0 has 1.2G free, the copy needs 512M for what its server writes` */
      readonly text: string;
    }
  | Extract<Planned, { ok: false }>;

/** A server makes new logs at its start, however small its data is. */
const leastBytes = 512 * 1024 ** 2;

/** `beside`: what else the job takes of the volume group. */
export function copyRoom(host: Host, { lvm }: HostReport, beside = 0): CopyRoom {
  if (!lvm?.ok)
    return refusal(`the volumes of ${host.name} are not known: ${lvm?.why ?? 'it has not answered that yet'}`, '');
  const origin = volumeOf(host, lvm.value);
  if (!origin)
    return refusal(`the datadir of ${host.name} is on no logical volume that is known`, 'set snapshot.volume');
  return origin.pool === undefined
    ? ofGroup(host, origin, lvm.value, beside)
    : ofPool(host, origin, origin.pool, lvm.value);
}

function ofGroup(host: Host, origin: LogicalVolume, { groups }: LvmFacts, beside: number): CopyRoom {
  const group = groups.find(({ name }) => name === origin.group);
  if (!group) return refusal(`${host.name} does not tell of its volume group ${origin.group}`, '');
  const wanted = sizeInBytes(host.snapshot.size ?? defaultSize, origin, group);
  const bytes = Math.min(Math.max(wanted, leastBytes), sizeInBytes({ percent: 100 }, origin, group));
  const free = Math.max(0, group.freeBytes - beside);
  const needs = `the copy needs ${shortSize(bytes)} for what its server writes`;
  const has = `${shortSize(free)} free${beside > 0 ? ' beside the snapshot' : ''}`;
  if (bytes <= free) return { ok: true, origin, bytes, text: `${group.name} has ${has}, ${needs}` };
  return refusal(
    `${group.name} of ${host.name} has ${has}, and ${needs}`,
    'remove old snapshots, extend the group, or set a smaller snapshot.size',
  );
}

function ofPool(host: Host, origin: LogicalVolume, name: string, { volumes }: LvmFacts): CopyRoom {
  const pool = volumes.find(({ group, volume }) => group === origin.group && volume === name);
  const fullest = Math.round(Math.max(pool?.usedPercent ?? 100, pool?.metadataPercent ?? 100));
  const text = `the thin pool ${origin.group}/${name} is ${fullest} % full, ${fullestPoolPercent} % at most`;
  if (fullest <= fullestPoolPercent) return { ok: true, origin, text };
  return refusal(
    `the thin pool ${origin.group}/${name} of ${host.name} is ${fullest} % full: when it is full, the server stops`,
    `extend it, or remove snapshots, until it is below ${fullestPoolPercent} %`,
  );
}
