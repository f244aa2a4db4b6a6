// Which snapshots a prune removes, by its rule and for room, and what its plan says of those that stay. Pure.

import type { HostReport, LogicalVolume, LvmFacts } from '../../host/facts.ts';
import { present } from '../../host/known.ts';
import { isOpen } from '../../host/storage/lvm.ts';
import { isOf, isSnapshot } from '../../host/storage/snapshots.ts';
import type { Host, SnapshotSize } from '../../inventory/settings.ts';
import { type Planned, refusal } from '../../job/plan/refusal.ts';
import { type Finding, judging } from '../../seed/preflight/finding.ts';
import { volumeOf } from '../../snapshot/create.ts';
import { type ManageRequest, planPrune } from '../../snapshot/manage.ts';
import { isAhead, isOwn, type PruneRule, pruneRefusal, toPrune, toSpare } from '../../snapshot/prune.ts';
import { isNearlyFull } from '../../snapshot/retention.ts';
import { type Room, roomOf } from '../../snapshot/room.ts';
import { nameOf } from '../../snapshot/snapshot-commands.ts';
import { fullestPoolPercent } from '../../snapshot/space.ts';
import { type Past, userOf } from './past.ts';

export const defaultKeep = 3;

export interface PruneRequest {
  readonly verb: 'prune';
  /** Absent: the inventory's. */
  readonly rule?: PruneRule;
  /** How much is to be free. Absent: the inventory's. */
  readonly free?: SnapshotSize;
}

export interface PruneSubject {
  readonly host: Host;
  readonly report: HostReport;
  readonly past: Past;
  readonly nowMs: number;
}

/** What goes, and how much room there is then. */
interface Choice {
  /** The snapshots of the server. */
  readonly own: readonly LogicalVolume[];
  readonly byRule: readonly LogicalVolume[];
  /** Absent: nothing is wanted, or how much there is is not known. */
  readonly room?: Room;
  /** Nothing is wanted, and a pool is so full that no snapshot would be taken. */
  readonly full?: Room;
}

/** undefined: it has not told it. */
const hostClock = ({ system }: HostReport): number | undefined => (system?.ok ? system.value.clockMs : undefined);

/** Without those that a job of this journal uses. */
export function spareOf({ host, report, past, nowMs }: PruneSubject, volume: LogicalVolume): LogicalVolume[] {
  const volumes = report.lvm?.ok ? report.lvm.value.volumes.filter((one) => isOf(one, volume)) : [];
  return toSpare(volumes, host.snapshot.least ?? 1, hostClock(report) ?? nowMs).filter(
    (one) => !userOf(past, host.name, one),
  );
}

function choiceOf({ rule, free }: PruneRequest, subject: PruneSubject): Choice {
  const { host, report, past, nowMs } = subject;
  const lvm = report.lvm?.ok ? report.lvm.value : undefined;
  const volume = lvm && volumeOf(host, lvm);
  // Two servers of one host each have their own snapshots.
  const own = lvm && volume ? lvm.volumes.filter((one) => isSnapshot(one) && isOf(one, volume)) : [];
  // The host's own clock dated them.
  const hostNowMs = hostClock(report) ?? nowMs;
  const byRule = toPrune(own, ruleOf(rule, host), hostNowMs).filter((one) => !userOf(past, host.name, one));
  if (!lvm || !volume) return { own, byRule };
  const spare = spareOf(subject, volume).filter((one) => !byRule.includes(one));
  const wanted = free ?? host.snapshot.free;
  const asked = { volume, lvm, gone: byRule, spare };
  if (wanted) return { own, byRule, ...present('room', roomOf({ ...asked, free: wanted })) };
  const full = volume.pool !== undefined && roomOf({ ...asked, free: { percent: 100 - fullestPoolPercent } });
  return { own, byRule, ...(full && full.lacking > 0 && { full }) };
}

const ruleOf = (rule: PruneRule | undefined, host: Host): PruneRule =>
  rule ?? { keep: host.snapshot.keep ?? defaultKeep };

export function prunePlan(request: PruneRequest, subject: PruneSubject, by: Omit<ManageRequest, 'snapshots'>): Planned {
  const { host, report, nowMs } = subject;
  const { lvm } = report;
  if (!lvm?.ok)
    return refusal(`the volumes of ${host.name} are not known: ${lvm?.why ?? 'it has not answered that yet'}`, '');
  const choice = choiceOf(request, subject);
  const { own, byRule } = choice;
  const room = choice.room && going(choice.room);
  const why = pruneRefusal(host.name, own, ruleOf(request.rule, host), {
    nowMs,
    ...present('hostMs', hostClock(report)),
  });
  if (why) return why;
  if (byRule.length > 0 || (room && room.candidates.length > 0)) {
    return planPrune({ ...by, snapshots: byRule }, room && room.lacking > 0 ? room : undefined);
  }
  return noneRefusal(host, lvm.value, choice);
}

/** Where all would be too few, none goes: history would be lost for nothing. */
const going = (room: Room): Room => (room.isEnough ? room : { ...room, candidates: [] });

/** Why it removes none: that is told where room is lacking. */
function noneRefusal(host: Host, lvm: LvmFacts, { room, full }: Choice): Planned {
  const lacking = room && room.lacking > 0 ? room : full;
  if (lacking) {
    const isKept = lacking === room && room.candidates.length > 0;
    return refusal(
      isKept ? `${host.name}: ${lacking.text}${tooFew}` : `${host.name} has no snapshot to remove, and ${lacking.text}`,
      lacking === full
        ? makeSpace
        : `extend it, free room in it by hand, or ${isKept ? 'set another snapshot.free' : 'remove snapshots by name'}`,
    );
  }
  if (volumeOf(host, lvm) || !lvm.volumes.some(isSnapshot)) {
    return { ...refusal(`${host.name} has no snapshot to remove`, ''), nothingToDo: true };
  }
  return refusal(
    `which snapshots are of the datadir of ${host.name} is not known: it is on no volume that is known`,
    `by name: reseed snapshot remove ${host.name} SNAPSHOT; or set snapshot.volume`,
  );
}

const makeSpace = `a full pool stops the server: extend it, or have prunes remove more (snapshot.free: ${100 - fullestPoolPercent}%)`;

/** What an operator has to know of the room, of clocks, and of snapshots that are lost before long. */
export function pruneFindings(request: PruneRequest, subject: PruneSubject): Finding[] {
  const { host, report, nowMs } = subject;
  const { pass, warn } = judging({ host });
  const volumes = report.lvm?.ok ? report.lvm.value.volumes : [];
  const ahead = volumes.filter((one) => isSnapshot(one) && isAhead(one, hostClock(report) ?? nowMs)).length;
  const words = ahead === 1 ? '1 snapshot is' : `${ahead} snapshots are`;
  const { own, room, full } = choiceOf(request, subject);
  const nearly = own.filter((one) => isOwn(one) && isNearlyFull(one));
  return [
    ...(ahead === 0 ? [] : [warn(`${words} dated after the clock of ${host.name}: not removed, and not counted`)]),
    ...(room ? [room.lacking === 0 ? pass(room.text) : warn(`${room.text}${shortOf(room)}`)] : []),
    ...(full ? [warn(full.text, makeSpace)] : []),
    ...nearly.map((one) =>
      warn(
        `${nameOf(one)} has used ${Math.floor(one.usedPercent ?? 0)} % of its room, and is lost when that is full: it takes no place of another`,
        'lvextend it, or take a new one with more room (snapshot.size)',
      ),
    ),
  ];
}

const tooFew = ': all snapshots that may go are too few, so none goes for that';

function shortOf({ space, candidates, isEnough }: Room): string {
  if (candidates.length === 0) return isEnough ? '' : ': no other snapshot may go';
  if (!isEnough) return tooFew;
  const most = space.pool === undefined ? '' : ', one after the other, until it is so';
  return `: ${space.pool === undefined ? '' : 'up to '}${candidates.length} more ${candidates.length === 1 ? 'goes' : 'go'}, the oldest first${most}`;
}

/** Snapshots that are in use, each with its user. */
export function keptInUse({ host, report, past }: PruneSubject): string[] {
  const volume = report.lvm?.ok ? volumeOf(host, report.lvm.value) : undefined;
  const volumes = report.lvm?.ok ? report.lvm.value.volumes : [];
  return volumes
    .filter((one) => isOwn(one) && isOf(one, volume))
    .flatMap((one): string[] => {
      const user = userOf(past, host.name, one);
      if (user) return [`${nameOf(one)}, which job ${user.id} uses`];
      const [folder] = one.mountPoints;
      if (folder !== undefined) return [`${nameOf(one)}, which is mounted on ${folder}`];
      return isOpen(one) ? [`${nameOf(one)}, which a program of ${host.name} has open`] : [];
    });
}
