// What `leftovers.sh find` reports about a host: everything that carries reseed's marks there. src/clean decides which
// job each item belongs to, and whether it may be removed.
import { present, wholeNumber } from '../known.ts';
import { isBroken } from '../storage/lvm.ts';
import { readMounts } from '../storage/mounts.ts';
import { marksOf } from '../storage/snapshots.ts';
import { type LeftoverLines, readLines } from './leftover-lines.ts';

export interface Leftovers {
  /** Jobs that hold the lock of the named datadir, or of the whole host: at most one, unless an older build is at work too. */
  readonly locks: readonly LeftLock[];
  /** Jobs that hold locks of other datadirs of this host. */
  readonly elsewhere: readonly LeftLock[];
  readonly units: readonly LeftUnit[];
  /** Volumes with the tag `reseed`. */
  readonly volumes: readonly LeftVolume[];
  /** Mounts below /run/reseed/mount, and mounts of those volumes. */
  readonly mounts: readonly LeftMount[];
  /** Names of files of coordinates whose snapshot does not exist. */
  readonly orphans: readonly string[];
  /** Files that killed scripts left in /run/reseed, and empty folders, as paths below it. */
  readonly scraps: readonly string[];
  /** Absolute paths: datadirs that a seed set aside, and its marks on incomplete datadirs. */
  readonly ofSeeds: readonly string[];
  /** Units whose server can't be started while a job reads its files, each with the key of the job. */
  readonly holds: readonly { readonly unit: string; readonly job: string }[];
  /** Keys of jobs that have stopped an applier here and not started it again (applier.sh). */
  readonly appliers: readonly string[];
  /** Keys of jobs whose account for a seed by clone is on this server. */
  readonly accounts: readonly string[];
  /** Jobs of a salvage with logs of another host here. `isOpen`: the server was prepared for them, and not put back. */
  readonly salvages: readonly { readonly job: string; readonly isOpen: boolean }[];
  /** Jobs of named tables whose databases, or notes, are on this server. */
  readonly tables: readonly LeftTables[];
  /** Services that are masked until the host starts again; the host does not say which job did it. */
  readonly masks: readonly string[];
  /** Places with names like reseed's that reseed did not make. */
  readonly strange: readonly StrangePlace[];
  /** What could not be read on the host, a sentence each: leftovers of that kind may be missing here. */
  readonly unread: readonly string[];
}

export interface LeftLock {
  readonly job: string;
  /** `anna@jump2, since 2026-11-26 18:03:11 UTC` */
  readonly who: string;
  /** Empty: it has the whole host. */
  readonly datadir: string;
}

export type StrangePlace = 'datadir' | 'services' | 'coordinates' | 'run' | 'salvage';

export interface LeftTables {
  readonly job: string;
  /** How many tables its database of new, and of old tables has; absent: that is not there. `unknown`: the server did not say. */
  readonly fresh?: number | 'unknown';
  readonly old?: number | 'unknown';
  /** As its folder has it. `passed`: events of the tables were left out. `none`: there is no such folder. */
  readonly state: 'none' | 'opened' | 'swapped' | 'passed' | 'undone';
}

export interface LeftUnit {
  readonly job: string;
  readonly role: string;
  readonly running: boolean;
}

export interface LeftVolume {
  readonly group: string;
  readonly volume: string;
  readonly uuid: string;
  /** Absent where it is no snapshot, or no longer one. */
  readonly origin?: string;
  readonly sizeBytes: number;
  /** The key of the job that made it. */
  readonly job?: string;
  /** Its coordinates were proved and are kept: a seed can still use it. */
  readonly proved: boolean;
  /** A server was started on a copy of it, and read its tables: a proof marked it. */
  readonly restores: boolean;
  /** It is the writable copy of a snapshot, of a proof. */
  readonly isCopy: boolean;
  /** False for one that overflowed: its data is lost. */
  readonly valid: boolean;
}

export interface LeftMount {
  readonly folder: string;
  /** `major:minor`. */
  readonly device: string;
  /** The uuid of the tagged volume that is mounted here. */
  readonly volumeUuid?: string;
}

const mountFolder = '/run/reseed/mount/';

/** undefined: this is not the output of the script. */
export function readLeftovers(text: string): Leftovers | undefined {
  const lines = readLines(text);
  const first = (kind: Parameters<LeftoverLines['of']>[0]) => lines.of(kind).map(([field = '']) => field);
  // Every host has mounts, so output without one was cut off.
  if (first('mount').length === 0) return undefined;
  const rows = lines.of('volume');
  const volumes = rows.map(readVolume).filter((found) => found !== undefined);
  const names = new Set(rows.map(([name = '']) => name));
  return {
    locks: lines.of('lock').map(readLock),
    elsewhere: lines.of('locked').map(readLock),
    units: lines.of('unit').map(([job = '', role = '', state]) => ({ job, role, running: state === 'running' })),
    volumes: volumes.map(({ volume }) => volume),
    mounts: mountsOf(first('mount').join('\n'), volumes),
    orphans:
      first('volumes').includes('all') && lines.oddVolumes === 0
        ? first('coordinates').filter((name) => !names.has(name.replace(/\.part$/, '')))
        : [],
    scraps: first('scrap'),
    ofSeeds: first('seed'),
    holds: lines.of('hold').map(([unit = '', job = '']) => ({ unit, job })),
    appliers: first('applier'),
    accounts: first('account'),
    salvages: lines.of('salvage').map(([job = '', state]) => ({ job, isOpen: state === 'open' })),
    tables: lines.of('tables').map(readTables),
    masks: first('mask'),
    strange: [...new Set(first('strange'))] as StrangePlace[],
    unread: unreadOf(lines),
  };
}

const readLock = ([job = '', who = '', datadir = '']: readonly string[]): LeftLock => ({ job, who, datadir });

function readTables([job = '', fresh, old, state]: readonly string[]): LeftTables {
  const count = (text = ''): number | 'unknown' | undefined => (text === '?' ? 'unknown' : wholeNumber(text));
  return {
    job,
    ...present('fresh', count(fresh)),
    ...present('old', count(old)),
    state: state as LeftTables['state'],
  };
}

function unreadOf({ of, oddVolumes, oddLines }: LeftoverLines): string[] {
  return [
    ...(of('volumes').length === 0
      ? ['LVM did not tell all of its volumes: whether snapshots are left is not known']
      : []),
    ...(oddVolumes > 0
      ? [`rows of LVM that were not understood: ${oddVolumes}; whether they are snapshots of reseed is not known`]
      : []),
    ...(oddLines > 0 ? [`lines of leftovers.sh that were not understood: ${oddLines}`] : []),
  ];
}

interface FoundVolume {
  readonly volume: LeftVolume;
  readonly device: string;
}

/** undefined: the volume does not carry reseed's tag. */
function readVolume(fields: readonly string[]): FoundVolume | undefined {
  const [volume = '', group = '', uuid = '', origin, size, tagged = '', major, minor, attributes = ''] = fields;
  const { ours, job, proved, restores, isCopy } = marksOf({ tags: tagged.split(',') });
  if (!ours) return undefined;
  return {
    device: `${major}:${minor}`,
    volume: {
      group,
      volume,
      uuid,
      ...present('origin', origin || undefined),
      sizeBytes: wholeNumber(size) ?? 0,
      ...present('job', job),
      proved,
      restores: restores !== undefined,
      isCopy,
      valid: !isBroken(attributes),
    },
  };
}

function mountsOf(mountinfo: string, volumes: readonly FoundVolume[]): LeftMount[] {
  return [...readMounts(mountinfo)].flatMap(([device, folders]) => {
    const uuid = volumes.find((found) => found.device === device)?.volume.uuid;
    return (
      [...new Set(folders)]
        .filter((folder) => uuid !== undefined || folder.startsWith(mountFolder))
        // A path that can't be written as it is can't be an argument of a command.
        .filter((folder) => !folder.includes('\ufffd'))
        .map((folder) => ({ folder, device, ...present('volumeUuid', uuid) }))
    );
  });
}
