// What has to go before a snapshot is taken that stays: the inventory says how much room there is to be beside it (snapshot.free). Pure.
import type { HostReport, LogicalVolume } from '../host/facts.ts';
import type { Host } from '../inventory/settings.ts';
import { type Planned, refusal } from '../job/plan/refusal.ts';
import { shortSize } from '../text/amounts.ts';
import { defaultSize, sizeInBytes, volumeOf } from './create.ts';
import { snapshotCommandOf } from './own-command.ts';
import { type Room, roomOf } from './room.ts';
import { fullestPoolPercent } from './space.ts';

export type RoomFor = { readonly ok: true; readonly room?: Room } | Extract<Planned, { ok: false }>;

/** `spareOf`: the snapshots of that volume that may go, in their order. Without a room: nothing has to. */
export function roomForSnapshot(
  host: Host,
  { lvm }: Pick<HostReport, 'lvm'>,
  spareOf: (volume: LogicalVolume) => readonly LogicalVolume[],
): RoomFor {
  const { free, size = defaultSize } = host.snapshot;
  const volume = lvm?.ok ? volumeOf(host, lvm.value) : undefined;
  if (!lvm?.ok || !volume || free === undefined) return { ok: true };
  const group = lvm.value.groups.find(({ name }) => name === volume.group);
  // How large a command of the inventory makes it is its own decision.
  const isSized = volume.pool === undefined && group && !snapshotCommandOf(host);
  const needBytes = isSized ? sizeInBytes(size, volume, group) : 0;
  const room = roomOf({
    volume,
    lvm: lvm.value,
    free,
    needBytes,
    fullestPercent: fullestPoolPercent,
    spare: spareOf(volume),
  });
  if (!room || room.lacking === 0) return { ok: true };
  if (room.isEnough) return { ok: true, room };
  const beside = needBytes > 0 ? `, ${shortSize(needBytes)} of it for the snapshot` : '';
  const few = room.candidates.length === 0 ? 'no snapshot of reseed may go' : 'all snapshots that may go are too few';
  return refusal(
    `${room.text}${beside} (snapshot.free of ${host.name}); ${few}`,
    'extend it, remove snapshots by name, or set another snapshot.free',
  );
}
