// Which snapshots a plan removes, so that as much stays free as the inventory wants (snapshot.free). Pure.
import type { HostReport, LogicalVolume, LvmFacts } from '../host/facts.ts';
import type { Host, SnapshotSize } from '../inventory/settings.ts';
import type { PlannedStep } from '../job/plan/plan.ts';
import { shortSize } from '../text/amounts.ts';
import { makeRoom } from './make-room.ts';
import { nameOf } from './snapshot-commands.ts';
import { lackingBytes, type Space, spaceNameOf, spaceOf, spaceText, type Wanted, wantedOf } from './space.ts';

interface RoomAsked {
  /** The volume that the snapshots are of. */
  readonly volume: LogicalVolume;
  readonly lvm: LvmFacts;
  readonly free: SnapshotSize;
  /** What the plan takes of the volume group beside. */
  readonly needBytes?: number;
  /** How full a thin pool may be at most, whatever is wanted. */
  readonly fullestPercent?: number;
  /** Snapshots that the plan removes before. */
  readonly gone?: readonly LogicalVolume[];
  /** Those that may go, in their order (prune.ts). */
  readonly spare: readonly LogicalVolume[];
}

export interface Room {
  readonly space: ReturnType<typeof spaceNameOf>;
  readonly wanted: Wanted;
  /** `vg0 has 1.2G free, 2.0G are wanted` */
  readonly text: string;
  /** Bytes that are lacking now; 0: none. */
  readonly lacking: number;
  /** Those of `spare` that go, if they have to: of a thin pool how much each frees is only known when it is gone. */
  readonly candidates: readonly LogicalVolume[];
  /** False: all of them are too few. Of a thin pool: there is none, or as much as the whole pool is wanted. */
  readonly isEnough: boolean;
}

/** undefined: how much room there is is not known. */
export function roomOf(asked: RoomAsked): Room | undefined {
  const { volume, lvm, free, needBytes = 0, fullestPercent, gone = [], spare } = asked;
  const space = spaceNameOf(volume);
  const now = spaceOf(space, lvm);
  if (!now) return undefined;
  const byFree = wantedOf(free, now, fullestPercent);
  const isPool = space.pool !== undefined;
  const wanted = isPool ? byFree : { ...byFree, freeBytes: byFree.freeBytes + needBytes };
  const then = isPool ? now : freed(now, gone);
  const lacking = lackingBytes(then, wanted);
  const byRule = then.freeBytes > now.freeBytes ? 'by the rule alone ' : '';
  const common = { space, wanted, lacking, text: `${byRule}${spaceText(space, then, wanted)}` };
  if (lacking === 0) return { ...common, candidates: [], isEnough: true };
  if (isPool) {
    const isPossible = wanted.freeBytes < now.sizeBytes && spare.length + gone.length > 0;
    return { ...common, candidates: spare, isEnough: isPossible };
  }
  const candidates = spare.filter((_, index) => sumOf(spare.slice(0, index)) < lacking);
  return { ...common, candidates, isEnough: sumOf(candidates) >= lacking };
}

const sumOf = (volumes: readonly LogicalVolume[]): number => volumes.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);

const freed = (space: Space, gone: readonly LogicalVolume[]): Space => ({
  ...space,
  freeBytes: space.freeBytes + sumOf(gone),
});

/** The step that makes it, and looks whether it was enough. */
export const roomStep = (host: Host, { space, wanted, text, candidates }: Room): PlannedStep =>
  makeRoom.plan({ host, space, wanted, why: text, candidates });

/** What is lost, a sentence each. */
export const roomLosses = ({ name }: Host, { text, candidates }: Room): string[] =>
  candidates.map(
    (one) =>
      `the snapshot ${nameOf(one)} of ${one.origin} on ${name} (${shortSize(one.sizeBytes)}) is lost for good, if there is too little room when its turn comes: ${text}`,
  );

/** The facts of the host once that room is made: a plan of what comes then is made from them. */
export const reportWith = (report: HostReport, room: Room): HostReport =>
  report.lvm?.ok ? { ...report, lvm: { ...report.lvm, value: withRoom(report.lvm.value, room) } } : report;

function withRoom(lvm: LvmFacts, { space: { group, pool }, wanted, candidates }: Room): LvmFacts {
  return {
    ...lvm,
    groups: lvm.groups.map((one) =>
      one.name === group && pool === undefined ? { ...one, freeBytes: one.freeBytes + sumOf(candidates) } : one,
    ),
    volumes: lvm.volumes
      .filter((one) => !candidates.includes(one))
      .map((one) =>
        one.group === group && one.volume === pool
          ? {
              ...one,
              usedPercent: 100 - (wanted.freeBytes / one.sizeBytes) * 100,
              metadataPercent: Math.min(one.metadataPercent ?? 0, wanted.metadataPercent),
            }
          : one,
      ),
  };
}
