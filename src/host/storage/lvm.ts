// Volume groups, volumes and snapshots: lvs(8) and vgs(8), with fields separated by `|`, -> LvmFacts.
import { cleanLine } from '../../text/clean.ts';
import type { Known, LogicalVolume, LvmFacts, VolumeGroup, VolumeKind } from '../facts.ts';
import type { Section } from '../frame.ts';
import { decimal, known, present, unknown, wholeNumber } from '../known.ts';
import { printedBy } from '../printed.ts';
import { mountOfDatadir } from './disk.ts';
import { readMounts } from './mounts.ts';

// LVM ends with 5 when it could not report everything (a missing disk, say); it still reports the rest.
const fine = ['0', '5'];

export function readLvm(sections: ReadonlyMap<string, Section>): Known<LvmFacts> {
  const vgs = printedBy('vgs', sections.get('vgs'), fine);
  if (!vgs.ok) return vgs;
  const lvs = printedBy('lvs', sections.get('lvs'), fine);
  if (!lvs.ok) return lvs;
  const mounts = printedBy('mountinfo', sections.get('mounts'));
  if (!mounts.ok) return mounts;
  const unread = unreadable('vgs', vgs.value, 5) ?? unreadable('lvs', lvs.value, 13);
  if (unread !== undefined) return unknown(unread);
  const groups = rowsOf(vgs.value, 5).map(readGroup);
  if (groups.length === 0 && sections.get('vgs')?.status !== '0') return unknown(complaint(vgs.value));
  const places = readMounts(mounts.value);
  const found = rowsOf(lvs.value, 13).map((fields) => readVolume(fields, places));
  const mount = mountOfDatadir(sections);
  const device = mount.ok ? mount.value.get('MAJ:MIN') : undefined;
  const holder = found.find((one) => one.device === device)?.volume;
  return known({
    groups: groups.filter((group) => group !== undefined),
    volumes: found.map((one) => one.volume),
    ...(holder && { datadirVolume: { group: holder.group, volume: holder.volume } }),
  });
}

function rowsOf(text: string, columns: number): string[][] {
  const rows = text.split('\n').map((line) => line.split('|').map((field) => cleanLine(field).trim()));
  return rows.filter((fields) => fields.length === columns);
}

/** Why the rows may be incomplete: their format is not the one asked for, whatever setting of lvm.conf did that. */
function unreadable(command: string, text: string, columns: number): string | undefined {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  const odd = lines.find((line) => line.includes('|') && line.split('|').length !== columns);
  if (odd !== undefined) return `${command} printed a row that can't be read: ${cleanLine(odd).trim()}`;
  const other = lines.find((line) => !line.includes('|') && /[{}="]/.test(line) && !/^\s*WARNING/.test(line));
  if (other === undefined || lines.some((line) => line.includes('|'))) return undefined;
  return `${command} printed what can't be read: ${cleanLine(other).trim()}`;
}

function complaint(text: string): string {
  const lines = text.split('\n').map((line) => line.trim());
  return lines.find((line) => line !== '' && !line.startsWith('WARNING')) ?? lines[0] ?? 'vgs failed';
}

function readGroup([name = '', uuid = '', size, free, extent]: readonly string[]): VolumeGroup | undefined {
  const sizeBytes = wholeNumber(size);
  const freeBytes = wholeNumber(free);
  const extentBytes = wholeNumber(extent);
  if (sizeBytes === undefined || freeBytes === undefined || extentBytes === undefined) return undefined;
  return { name, uuid, sizeBytes, freeBytes, extentBytes };
}

interface FoundVolume {
  readonly volume: LogicalVolume;
  /** `major:minor`; `-1:-1` for a volume that is not active. */
  readonly device: string;
}

function readVolume(fields: readonly string[], places: ReadonlyMap<string, readonly string[]>): FoundVolume {
  const [
    group = '',
    volume = '',
    uuid = '',
    attributes = '',
    size,
    origin,
    pool,
    data,
    metadata,
    tags,
    time,
    major,
    minor,
  ] = fields;
  const device = `${major}:${minor}`;
  return {
    device,
    volume: {
      group,
      volume,
      uuid,
      kind: kindOf(attributes, origin),
      sizeBytes: wholeNumber(size) ?? 0,
      attributes,
      tags: (tags ?? '').split(',').filter((tag) => tag !== ''),
      ...present('createdSeconds', secondsOf(time ?? '')),
      ...present('origin', origin || undefined),
      ...present('pool', pool || undefined),
      ...present('usedPercent', decimal(data)),
      ...present('metadataPercent', decimal(metadata)),
      valid: !isBroken(attributes),
      active: !['-', 'd', 'i', 'h', ''].includes(attributes[4] ?? ''),
      mountPoints: [...new Set(places.get(device))],
    },
  };
}

/** The first letter of lv_attr. */
function kindOf(attributes: string, origin: string | undefined): VolumeKind {
  switch (attributes[0]) {
    case '-':
      return 'linear';
    case 'o':
    case 'O':
      return 'origin';
    case 's':
    case 'S':
      return 'snapshot';
    case 't':
      return 'thinPool';
    case 'V':
      return origin ? 'thinSnapshot' : 'thin';
    default:
      return 'other';
  }
}

/** An overflowed snapshot has `I` (suspended: `S`) as the fifth letter, a failed pool `F` as the ninth. */
export const isBroken = (attributes: string): boolean => /^....[IS]/.test(attributes) || isFailed(attributes);

const isFailed = (attributes: string): boolean => attributes[8] === 'F';

/** The sixth letter: a program or the kernel has its device open, as a mount in a namespace of its own, or a copy of it. */
export const isOpen = ({ attributes }: Pick<LogicalVolume, 'attributes'>): boolean => attributes[5] === 'o';

/** Its thin pool has failed; a repair of the pool may bring it back. */
export const hasFailed = ({ attributes }: Pick<LogicalVolume, 'attributes'>): boolean => isFailed(attributes);

/** Seconds, as reseed asks for; or `2026-11-22 18:45:56 +0100` from an LVM that does not know report/time_format. */
function secondsOf(time: string): number | undefined {
  const seconds = wholeNumber(time);
  if (seconds !== undefined) return seconds || undefined;
  const [, day, clock, hours, minutes] = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d) ([+-]\d\d)(\d\d)$/.exec(time) ?? [];
  const parsedMs = Date.parse(`${day}T${clock}${hours}:${minutes}`);
  return Number.isNaN(parsedMs) ? undefined : parsedMs / 1000;
}
