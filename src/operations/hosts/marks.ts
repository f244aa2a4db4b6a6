// The marks of operators on error logs, kept between consoles: by host name, the lines that report corrupt data.
import type { FleetPicture } from '../../fleet/picture.ts';
import type { Marks } from '../../fleet/store.ts';
import { changeKept, type Kept, readKept } from './kept-file.ts';

/** One alert too many is better than one too few: an unreadable file marks nothing. */
export const readMarks = (path: string): Marks => marksIn(readKept(path));

const marksIn = (kept: Kept): Marks =>
  new Map([...kept].map(([host, keys]) => [host, keys.filter((key) => typeof key === 'string')]));

/** Adds to the saved marks. Undefined, or why they can't be saved. */
export function keepMarks(path: string, marks: Marks): string | undefined {
  return changeKept(path, (before) => {
    const all = new Map(marksIn(before));
    for (const [host, keys] of marks)
      all.set(host, [...new Set([...(all.get(host) ?? []), ...keys])].slice(-keysAtMost));
    return all;
  });
}

const keysAtMost = 500;

/** The marks of one host. */
export function marksOf({ hosts }: FleetPicture, name: string): Marks {
  const host = hosts.find((one) => one.host.name === name);
  return new Map(host ? [[name, [...host.look.marked]]] : []);
}
