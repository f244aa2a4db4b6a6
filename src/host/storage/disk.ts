// The file system of the datadir: findmnt(8) -> DiskFacts. And the size of the datadir: du -> DatadirSize.
import { cleanLine } from '../../text/clean.ts';
import type { DatadirSize, DiskFacts, Known } from '../facts.ts';
import type { Section } from '../frame.ts';
import { known, unknown, wholeNumber } from '../known.ts';
import { withoutSlash } from '../paths.ts';
import { printedBy } from '../printed.ts';
import { bytesOf } from './mounts.ts';

export function readDisk(sections: ReadonlyMap<string, Section>): Known<DiskFacts> {
  const mount = mountOfDatadir(sections);
  if (!mount.ok) return mount;
  const text = (name: string) => mount.value.get(name) ?? '';
  const sizeBytes = wholeNumber(text('SIZE'));
  const usedBytes = wholeNumber(text('USED'));
  const freeBytes = wholeNumber(text('AVAIL'));
  if (sizeBytes === undefined || usedBytes === undefined || freeBytes === undefined) {
    return unknown(`findmnt told no sizes of ${text('TARGET')}`);
  }
  return known({
    datadir: withoutSlash(cleanLine(sections.get('datadir')?.text ?? '').trim()),
    mountPoint: text('TARGET'),
    device: text('SOURCE'),
    fileSystem: text('FSTYPE'),
    sizeBytes,
    usedBytes,
    freeBytes,
    // Since Linux 6.15, ext4 shows `emergency_ro` after an error.
    readOnly: text('OPTIONS')
      .split(',')
      .some((option) => option === 'ro' || option === 'emergency_ro'),
  });
}

/** findmnt's columns for the datadir's mount, with `MAJ:MIN` among them. Clean. */
export function mountOfDatadir(sections: ReadonlyMap<string, Section>): Known<ReadonlyMap<string, string>> {
  const printed = printedBy('findmnt', sections.get('disk'));
  if (!printed.ok) {
    // findmnt ends with 1, and prints nothing, where there is no such folder.
    const datadir = sections.get('datadir')?.text ?? '';
    return printed.why.endsWith('status 1') ? unknown(`there is no ${datadir}, or it can't be seen`) : printed;
  }
  const pairs = [...printed.value.matchAll(/([A-Z:]+)="([^"\n]*)"/g)];
  const columns = pairs.map(([, name = '', value = '']): [string, string] => [
    name,
    cleanLine(bytesOf(value, /\\x([0-9a-f]{2})/g, 16)),
  ]);
  return columns.length > 0 ? known(new Map(columns)) : unknown('findmnt told of no mount');
}

export function readDatadirSize(sections: ReadonlyMap<string, Section>): Known<DatadirSize> {
  const printed = printedBy('du', sections.get('size'));
  if (!printed.ok) return printed;
  const kibibytes = wholeNumber(/^(\d+)\t/m.exec(printed.value)?.[1]);
  return kibibytes === undefined ? unknown('du told no size') : known({ usedBytes: kibibytes * 1024 });
}
