// What operators have marked as seen in error logs, kept between consoles: by the host's name, the lines that report corrupt data.
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { FleetPicture } from '../../fleet/picture.ts';
import type { Marks } from '../../fleet/store.ts';
import { privateFolder } from '../../job/private-folder.ts';

/** None where there is no such file, or what is there can't be read as one: an alert too many is better than one too few. */
export function readMarks(path: string): Marks {
  try {
    const value: unknown = JSON.parse(readFileSync(path, 'utf8'));
    const entries = typeof value === 'object' && value !== null ? Object.entries(value) : [];
    return new Map(
      entries.map(([host, keys]) => [host, Array.isArray(keys) ? keys.filter((key) => typeof key === 'string') : []]),
    );
  } catch {
    return new Map();
  }
}

/** Adds to what is there. Undefined, or why the marks can't be kept. */
export function keepMarks(path: string, marks: Marks): string | undefined {
  const all = new Map(readMarks(path));
  for (const [host, keys] of marks) all.set(host, [...new Set([...(all.get(host) ?? []), ...keys])].slice(-keysAtMost));
  try {
    const why = privateFolder(dirname(path));
    if (why !== undefined) return why;
    const next = `${path}.${process.pid}`;
    writeFileSync(next, `${JSON.stringify(Object.fromEntries(all), undefined, 1)}\n`, { mode: 0o600 });
    renameSync(next, path);
    return undefined;
  } catch (error) {
    return `${path}: ${error instanceof Error ? error.message : String(error)}`;
  }
}

const keysAtMost = 500;

/** What is marked of a host. */
export function marksOf({ hosts }: FleetPicture, name: string): Marks {
  const host = hosts.find((one) => one.host.name === name);
  return new Map(host ? [[name, [...host.look.marked]]] : []);
}
