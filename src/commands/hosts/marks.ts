// What operators have marked as seen in error logs, kept between consoles: by the host's name, the lines that report corrupt data.
import { existsSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { FleetPicture } from '../../fleet/picture.ts';
import type { Marks } from '../../fleet/store.ts';
import { holdFile } from '../../job/alive.ts';
import { privateFolder } from '../../job/private-folder.ts';

/**
 * None where there is no such file, what is there can't be read as one, or another account can write to it: an alert too many is better
 * than one too few.
 */
export function readMarks(path: string): Marks {
  try {
    if (!existsSync(path) || isOfOthers(path)) return new Map();
    const value: unknown = JSON.parse(readFileSync(path, 'utf8'));
    const entries = typeof value === 'object' && value !== null ? Object.entries(value) : [];
    return new Map(
      entries.map(([host, keys]) => [host, Array.isArray(keys) ? keys.filter((key) => typeof key === 'string') : []]),
    );
  } catch {
    return new Map();
  }
}

/** What was put there while others could write to the folder is theirs, whatever its mode is now. */
const isOfOthers = (path: string) =>
  privateFolder(dirname(path)) !== undefined || statSync(path).uid !== (process.getuid?.() ?? 0);

/** Adds to what is there. Undefined, or why the marks can't be kept. */
export function keepMarks(path: string, marks: Marks): string | undefined {
  try {
    const why = privateFolder(dirname(path));
    if (why !== undefined) return why;
    // Two consoles that add at once would each write what it has read before. One adds within milliseconds.
    const lock = `${path}.lock`;
    const held = holdFile(lock, heldByOthersMs);
    if (!held) return `${lock} is held by another reseed: try again`;
    try {
      add(path, marks);
    } finally {
      held.release();
    }
    return undefined;
  } catch (error) {
    return `${path}: ${error instanceof Error ? error.message : String(error)}`;
  }
}

function add(path: string, marks: Marks): void {
  const all = new Map(readMarks(path));
  for (const [host, keys] of marks) all.set(host, [...new Set([...(all.get(host) ?? []), ...keys])].slice(-keysAtMost));
  const next = `${path}.${process.pid}`;
  writeFileSync(next, `${JSON.stringify(Object.fromEntries(all), undefined, 1)}\n`, { mode: 0o600 });
  renameSync(next, path);
}

const heldByOthersMs = 1000;
const keysAtMost = 500;

/** What is marked of a host. */
export function marksOf({ hosts }: FleetPicture, name: string): Marks {
  const host = hosts.find((one) => one.host.name === name);
  return new Map(host ? [[name, [...host.look.marked]]] : []);
}
