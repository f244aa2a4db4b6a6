// The methods that send only the pages which the target does not have in its old data. The donor's files are read as by
// another method: from a snapshot, or those of a stopped server. What lands is compared as by that method.
import type { SeedMethodName } from '../../../inventory/settings.ts';
import { shortDuration } from '../../../text/amounts.ts';
import type { Gift, Seen } from '../candidate.ts';
import { coldCopy } from '../cold-copy/cold-copy.ts';
import { type FolderMethod, folderMethod } from '../folder-copy.ts';
import { lvmSnapshot } from '../lvm-snapshot/lvm-snapshot.ts';
import { basisChecks } from './checks.ts';

interface Named {
  readonly name: SeedMethodName;
  readonly about: string;
}

/** `read`: the method by which the donor's files are read. */
const deltaOf = (read: FolderMethod, { name, about }: Named): FolderMethod =>
  folderMethod({
    ...read,
    name,
    about,
    // They are those of the other method.
    kinds: [],
    comparesOld: true,
    oneTarget: `${name} compares with the old data of one target`,
    gifts: (one, target) => giftsOf(read, one, target, name),
    checks: (request) => [...basisChecks(request, read), ...read.checks(request)],
  });

export const delta = deltaOf(lvmSnapshot, {
  name: 'delta',
  about: 'only pages of a snapshot that differ from the old data of the target are sent',
});

export const deltaOfStopped = deltaOf(coldCopy, {
  name: 'delta-stopped',
  about: 'the same with the files of a server that is down',
});

function giftsOf(read: FolderMethod, one: Seen, target: Seen, name: SeedMethodName): readonly Gift[] | string {
  if (target.isEmpty) return `${target.host.name} has no old data to compare with`;
  const given = read.gifts(one, target);
  if (typeof given === 'string') return given;
  return given.map((gift) => ({
    ...gift,
    id: `${gift.id} ${name}`,
    brief: briefOf(gift),
    title: `pages that differ, of ${gift.title}`,
    words: [gift.words, 'sends only what differs from its old data'].filter((text) => text).join(', '),
  }));
}

function briefOf({ snapshot, ageMs }: Gift): string {
  if (!snapshot) return 'delta';
  return ageMs === undefined ? 'delta, age ?' : `delta, ${shortDuration(ageMs)} old`;
}
