// What `leftovers.sh find` tells of a host: all that carries reseed's marks there. Whose it is, and whether it may go, is for
// src/clean to say.
import { present, wholeNumber } from '../known.ts';
import { isBroken } from '../storage/lvm.ts';
import { readMounts } from '../storage/mounts.ts';
import { marksOf } from '../storage/snapshots.ts';
import { type LeftoverLines, readLines } from './leftover-lines.ts';

export interface Leftovers {
  /** Who works on the datadir that was named, or has the whole host: at most one, unless an older build is at work as well. */
  readonly locks: readonly LeftLock[];
  /** Who works on other datadirs of this host. */
  readonly elsewhere: readonly LeftLock[];
  readonly units: readonly LeftUnit[];
  /** Volumes with the tag `reseed`. */
  readonly volumes: readonly LeftVolume[];
  /** Below /run/reseed/mount, or of one of those volumes. */
  readonly mounts: readonly LeftMount[];
  /** Names of files of coordinates whose snapshot is not there. */
  readonly orphans: readonly string[];
  /** What killed scripts had in /run/reseed, and empty folders, as paths below it. */
  readonly scraps: readonly string[];
  /** Absolute paths: datadirs that a seed set aside, and its marks on datadirs that are not whole. */
  readonly ofSeeds: readonly string[];
  /** Servers that can't be started while their files are read, as units, each with the key of the job. */
  readonly holds: readonly { readonly unit: string; readonly job: string }[];
  /** Keys of jobs that have stopped an applier here, and not started it again (applier.sh). */
  readonly appliers: readonly string[];
  /** Services that are masked until the host starts again; it is not told by whom. */
  readonly masks: readonly string[];
  /** Where there are names as reseed's that reseed did not give. */
  readonly strange: readonly StrangePlace[];
  /** What of the host could not be read, a sentence each: what is left there is not wholly known. */
  readonly unread: readonly string[];
}

export interface LeftLock {
  readonly job: string;
  /** `anna@jump2, since 2026-11-26 18:03:11 UTC` */
  readonly who: string;
  /** Empty: it has the whole host. */
  readonly datadir: string;
}

export type StrangePlace = 'datadir' | 'services' | 'coordinates' | 'run';

export interface LeftUnit {
  readonly job: string;
  readonly role: string;
  readonly running: boolean;
}

export interface LeftVolume {
  readonly group: string;
  readonly volume: string;
  readonly uuid: string;
  /** Absent where it is no snapshot, or not one any more. */
  readonly origin?: string;
  readonly sizeBytes: number;
  /** The key of the job that made it. */
  readonly job?: string;
  /** Its coordinates were proved and are kept: it can still be used. */
  readonly proved: boolean;
  /** False for one that overflowed: what it held is lost. */
  readonly valid: boolean;
}

export interface LeftMount {
  readonly folder: string;
  /** `major:minor`. */
  readonly device: string;
  /** The uuid of the tagged volume that is mounted there. */
  readonly volumeUuid?: string;
}

const mountFolder = '/run/reseed/mount/';

/** undefined: this is not what the script prints. */
export function readLeftovers(text: string): Leftovers | undefined {
  const lines = readLines(text);
  const first = (kind: Parameters<LeftoverLines['of']>[0]) => lines.of(kind).map(([field = '']) => field);
  // A host has mounts: what tells of none was cut off.
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
    masks: first('mask'),
    strange: [...new Set(first('strange'))] as StrangePlace[],
    unread: unreadOf(lines),
  };
}

const readLock = ([job = '', who = '', datadir = '']: readonly string[]): LeftLock => ({ job, who, datadir });

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

/** undefined: it does not carry reseed's tag. */
function readVolume(fields: readonly string[]): FoundVolume | undefined {
  const [volume = '', group = '', uuid = '', origin, size, tagged = '', major, minor, attributes = ''] = fields;
  const { ours, job, proved } = marksOf({ tags: tagged.split(',') });
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
        // One that can't be said as it is can't be named to a command.
        .filter((folder) => !folder.includes('\ufffd'))
        .map((folder) => ({ folder, device, ...present('volumeUuid', uuid) }))
    );
  });
}
