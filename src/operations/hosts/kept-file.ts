// A private file of this account that keeps, by host name, what was seen in error logs.
import { existsSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { privateFolder } from '../../job/journal/private-folder.ts';
import { holdFile } from '../../job/lease/alive.ts';

export type Kept = ReadonlyMap<string, readonly unknown[]>;

/** Empty if there is no such file, it can't be read, or another account can write to it. */
export function readKept(path: string): Kept {
  try {
    if (!existsSync(path) || isOfOthers(path)) return new Map();
    const value: unknown = JSON.parse(readFileSync(path, 'utf8'));
    const entries = typeof value === 'object' && value !== null ? Object.entries(value) : [];
    return new Map(entries.map(([host, entry]) => [host, Array.isArray(entry) ? entry : []]));
  } catch {
    return new Map();
  }
}

/**
 * Renames a file that can't be read to `PATH.bad`. Returns a message as long as `PATH.bad` exists, since its content is
 * unknown; otherwise undefined.
 */
export function setBrokenAside(path: string): string | undefined {
  const aside = `${path}.bad`;
  try {
    if (existsSync(path) && !isOfOthers(path) && isBroken(path)) renameSync(path, aside);
  } catch (error) {
    return `${path} can't be read: ${error instanceof Error ? error.message : String(error)}`;
  }
  return existsSync(aside)
    ? `${path} could not be read, and is kept as ${aside}: look into it, then remove it`
    : undefined;
}

function isBroken(path: string): boolean {
  const text = readFileSync(path, 'utf8');
  try {
    const value: unknown = JSON.parse(text);
    return typeof value !== 'object' || value === null || Object.values(value).some((entry) => !Array.isArray(entry));
  } catch {
    return true;
  }
}

/** If others can write to the folder, or own the file, its content may be theirs. */
const isOfOthers = (path: string) =>
  privateFolder(dirname(path)) !== undefined || statSync(path).uid !== (process.getuid?.() ?? 0);

/** Undefined, or why it can't be saved. */
export function changeKept(path: string, change: (before: Kept) => Kept): string | undefined {
  try {
    const why = privateFolder(dirname(path));
    if (why !== undefined) return why;
    // Two consoles that write at once would each lose the other's change. Writing takes milliseconds.
    const lock = `${path}.lock`;
    const held = holdFile(lock, heldByOthersMs);
    if (!held) return `${lock} is held by another reseed: try again`;
    try {
      const next = `${path}.${process.pid}`;
      const all = Object.fromEntries(change(readKept(path)));
      writeFileSync(next, `${JSON.stringify(all, undefined, 1)}\n`, { mode: 0o600 });
      renameSync(next, path);
    } finally {
      held.release();
    }
    return undefined;
  } catch (error) {
    return `${path}: ${error instanceof Error ? error.message : String(error)}`;
  }
}

const heldByOthersMs = 1000;
