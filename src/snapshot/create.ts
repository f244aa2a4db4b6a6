// The plan of a snapshot: its volume, its size, its lock. Plans come from facts; nothing here asks a host.
//
// This room has the plans that make, mount, unmount, remove and prune snapshots, and their steps, one a file.

import { givenTo } from '../custom/plan.ts';
import type { HostReport, LogicalVolume, LvmFacts, VolumeGroup } from '../host/facts.ts';
import { applierTempTables } from '../host/server/temp-tables.ts';
import { datadirOf } from '../host/storage/datadir.ts';
import type { Host, SnapshotSize } from '../inventory/settings.ts';
import type { Who } from '../job/journal/record.ts';
import { lockHost } from '../job/lock-step.ts';
import type { Plan, PlannedStep } from '../job/plan/plan.ts';
import { notDoneRefusal, type Planned, readOnlyRefusal, refusal } from '../job/plan/refusal.ts';
import { isServerDown } from '../service/server-state.ts';
import { unwholeRefusal } from '../service/unwhole.ts';
import { shortSize } from '../text/amounts.ts';
import { type LockWords, lockWords } from './lock-words.ts';
import { ownText, snapshotCommandOf } from './own-command.ts';
import { type Room, reportWith, roomLosses, roomStep } from './room.ts';
import { fullestPoolPercent } from './space.ts';
import { stopApplier } from './stop-applier.ts';
import { type SessionTables, takeSnapshot } from './take-snapshot.ts';

export interface SnapshotRequest {
  readonly host: Host;
  readonly report: HostReport;
  /** The job's key. */
  readonly job: string;
  readonly who: Who;
  /** The time in the snapshot's name. */
  readonly nowMs: number;
  /** Which open temporary tables of sessions are refused under the lock; absent: none are, and the snapshot is marked. */
  readonly sessionTables?: SessionTables;
}

export const defaultSize: SnapshotSize = { percent: 10 };

/** How a snapshot of the datadir would be taken; this is judged before anything is planned. */
export type SnapshotMeans =
  | {
      readonly ok: true;
      readonly volume: LogicalVolume;
      /** Absent: a thin one, which has no size of its own. */
      readonly sizeBytes?: number;
      /** `vg0 has 1.2G free, the snapshot needs 204M` */
      readonly text: string;
      /** Absent: the server is down, and needs no lock. */
      readonly words?: LockWords;
    }
  | Extract<Planned, { ok: false }>;

export function snapshotMeans({ host, report }: Pick<SnapshotRequest, 'host' | 'report'>): SnapshotMeans {
  const { lvm } = report;
  if (!lvm?.ok)
    return refusal(`the volumes of ${host.name} are not known: ${lvm?.why ?? 'it has not answered that yet'}`, '');
  const volume = volumeOf(host, lvm.value);
  if (!volume && !host.snapshot.volume && !report.disk?.ok) {
    return refusal(
      `where the datadir of ${host.name} is, is not known: ${report.disk?.why ?? 'it has not answered that yet'}`,
      '',
    );
  }
  const device = report.disk?.ok ? report.disk.value.device : '';
  if (!volume && !host.snapshot.volume && device.startsWith('/dev/mapper/')) {
    return refusal(
      `the datadir of ${host.name} is on ${device}, and lvs shows no such volume`,
      'snapshots need a logical volume; where it is one, lvm.conf hides it (devices/filter, use_devicesfile)',
    );
  }
  if (!volume) {
    return refusal(
      `the datadir of ${host.name} is not on a logical volume`,
      'snapshots need one; where another volume is meant, set snapshot.volume',
    );
  }
  const room = spaceFor(host, volume, lvm.value);
  if (!room.ok) return room;
  const lock = lockFor({ host, report });
  return lock.ok ? { ...room, ...lock, volume } : lock;
}

/** Plans a snapshot of the datadir's volume, which stays when the job is done. `room`: what is removed for it before (room-for.ts). */
export function planSnapshot(request: SnapshotRequest, room?: Room): Planned {
  const { host, report, job, who } = request;
  const taking = snapshotSteps({ ...request, report: room ? reportWith(report, room) : report }, 'keep');
  if (!taking.ok) return taking;
  const plan: Plan = {
    kind: 'snapshot',
    title: `snapshot ${host.name}`,
    hosts: [host.name],
    destroys: room ? roomLosses(host, room) : [],
    steps: [
      lockHost.plan({ host: host.name, datadir: datadirOf(report) ?? '', job, who }),
      ...(room ? [roomStep(host, room)] : []),
      ...taking.appliers,
      taking.take,
    ],
  };
  return { ok: true, plan };
}

/** The steps that take a snapshot, and its name and size. */
export interface Taking {
  readonly ok: true;
  /** Steps before it that stop appliers, where a position is the data's only while no applier runs. */
  readonly appliers: readonly PlannedStep[];
  readonly take: PlannedStep;
  readonly name: { readonly group: string; readonly volume: string; readonly uuid: ''; readonly origin: string };
  /** Absent: a thin one, which has no size of its own. */
  readonly sizeBytes?: number;
}

export function snapshotSteps(
  request: SnapshotRequest,
  whenDone: 'keep' | 'release',
): Taking | Extract<Planned, { ok: false }> {
  const { host, report, job, nowMs, sessionTables = 'tell' } = request;
  const refused = readOnlyRefusal(host) ?? notDoneRefusal(host, ['snapshot']);
  if (refused) return refused;
  const means = snapshotMeans(request);
  if (!means.ok) return means;
  const { volume: origin, sizeBytes, words } = means;
  const command = snapshotCommandOf(host);
  const name = snapshotName(job, nowMs);
  const by = command && givenTo({ command, host, report, values: { snapshot: name } });
  if (by && !by.ok) return by;
  const stops = positionNeedsStop(request) && report.server?.ok;
  const applierStopped = words !== undefined && positionNeedsStop(request);
  return {
    ok: true,
    appliers: stops ? [stopApplier.plan({ host, version: report.server.value.version, job })] : [],
    take: takeSnapshot.plan({
      host,
      report,
      job,
      origin,
      name,
      sizeBytes,
      words,
      sessionTables,
      applierStopped,
      by,
      whenDone,
    }),
    name: { group: origin.group, volume: name, uuid: '', origin: origin.volume },
    ...(sizeBytes !== undefined && { sizeBytes }),
  };
}

/**
 * The coordinates of a MySQL replica without GTID are only a position in its source's log, and that is the data's
 * position only while no applier runs (applier.sh).
 */
function positionNeedsStop({ report: { server, replication } }: Pick<SnapshotRequest, 'report'>): boolean {
  if (!server?.ok || server.value.vendor === 'mariadb' || server.value.gtid) return false;
  return !replication?.ok || replication.value.channels.length > 0;
}

/** `reseed-9f3a4c21-20261122T193047Z`. The job's key comes first, so that a narrow column cuts only the time. */
function snapshotName(job: string, nowMs: number): string {
  return `reseed-${job}-${new Date(nowMs).toISOString().replaceAll(/[-:]|\.\d+/g, '')}`;
}

/** The volume of the server's datadir, which snapshots are taken of. undefined: none, or unknown. */
export function volumeOf(host: Host, { volumes, datadirVolume }: LvmFacts): LogicalVolume | undefined {
  const named = host.snapshot.volume?.split('/');
  const group = named?.[0] ?? datadirVolume?.group;
  const name = named?.[1] ?? datadirVolume?.volume;
  return volumes.find((volume) => volume.group === group && volume.volume === name);
}

type Sized =
  | { readonly ok: true; readonly sizeBytes?: number; readonly text: string }
  | Extract<Planned, { ok: false }>;

function spaceFor(host: Host, volume: LogicalVolume, { groups, volumes }: LvmFacts): Sized {
  const group = groups.find(({ name }) => name === volume.group);
  if (!group) return refusal(`${host.name} does not tell of its volume group ${volume.group}`, '');
  const command = snapshotCommandOf(host);
  if (volume.pool !== undefined) {
    const pool = volumes.find((other) => other.group === volume.group && other.volume === volume.pool);
    const fullest = Math.max(pool?.usedPercent ?? 100, pool?.metadataPercent ?? 100);
    const [name, full] = [`${volume.group}/${volume.pool}`, `${Math.round(fullest)} % full`];
    const own = command ? `; ${ownText(command, host)}` : '';
    const text = `${name} is ${full}, ${fullestPoolPercent} % at most${own}`;
    if (fullest <= fullestPoolPercent) return { ok: true, text };
    return refusal(
      `the thin pool ${name} of ${host.name} is ${full}: when it is full, the server stops`,
      `extend it, or remove snapshots, until it is below ${fullestPoolPercent} %`,
    );
  }
  const sizeBytes = sizeInBytes(host.snapshot.size ?? defaultSize, volume, group);
  // How large the command makes it is its own decision; while the snapshot is read, the guard extends it from that size on.
  if (command) {
    return {
      ok: true,
      sizeBytes,
      text: `${shortSize(group.freeBytes)} free in ${volume.group}; ${ownText(command, host)}`,
    };
  }
  const [free, needed] = [group.freeBytes, sizeBytes].map((bytes) => shortSize(bytes));
  const text = `${volume.group} has ${free} free, the snapshot needs ${needed}`;
  if (sizeBytes <= group.freeBytes) return { ok: true, sizeBytes, text };
  return refusal(
    `${volume.group} of ${host.name} has ${free} free, and the snapshot needs ${needed}`,
    'remove old snapshots, extend the group, or set a smaller snapshot.size',
  );
}

/** Rounded up to whole extents of LVM. */
export function sizeInBytes(size: SnapshotSize, volume: LogicalVolume, { extentBytes }: VolumeGroup): number {
  const wanted = 'bytes' in size ? size.bytes : (volume.sizeBytes * size.percent) / 100;
  return Math.ceil(wanted / extentBytes) * extentBytes;
}

type Lock = { readonly ok: true; readonly words?: LockWords } | Extract<Planned, { ok: false }>;

/** A server that is down needs no lock. If its state is unknown, the server is not touched. */
function lockFor({ host, report }: Pick<SnapshotRequest, 'host' | 'report'>): Lock {
  const { server, disk } = report;
  if (server?.ok) {
    const open = applierTempTables(report);
    if (open === undefined || open === 'unknown') return { ok: true, words: lockWords(server.value) };
    return refusal(
      `the applier of ${host.name} has ${open}: a snapshot does not have them, and later statements that use them would fail or change another table`,
      'wait until the session on its source that made them ends (with binlog_format = ROW there, an applier has none)',
    );
  }
  if (isServerDown(report) && disk?.ok) return unwholeRefusal(host, report) ?? { ok: true };
  const why = server && !server.ok ? server.why : 'it has not answered that yet';
  return refusal(
    `the server of ${host.name} runs, or may run, and can't be locked: ${why}`,
    'let reseed log in (mysql.defaultsFile), or stop the server first',
  );
}
