// The journal's file: whether it is complete, and how it may be written on its file system. Only SQLite opens it: when a
// process closes a file, it loses all its locks on it (fcntl(2)), and another process would take the journal for unused.
import { statfsSync, statSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';

/**
 * SQLite fills the missing end of a cut last page with zeros, and may read rows from it, or write there. Its files end
 * with a full page, unless a full disk stopped it in one: then the missing part is in the file beside it. `database`:
 * of that file, before anything is written to it.
 */
export function refuseCut(path: string, database: DatabaseSync): void {
  const { size } = statSync(path);
  if (size === 0 || hasMore(`${path}-wal`) || hasMore(`${path}-journal`)) return;
  // Reads the header, which PRAGMA page_size alone does not.
  database.prepare('PRAGMA schema_version').get();
  const pageBytes = Number(database.prepare('PRAGMA page_size').get()?.page_size);
  if (size % pageBytes !== 0) throw new CutOff(`it is cut off in the middle of a page, at ${size} bytes`);
}

class CutOff extends Error {
  override readonly name = 'CutOff';
}

/** SQLITE_CORRUPT and SQLITE_NOTADB (sqlite.org/rescode.html); an extended code has the plain one in its low byte. */
const damageCodes: readonly number[] = [11, 26];

/** Whether what was thrown says that the file itself is damaged. */
export const isDamage = (error: unknown): boolean =>
  error instanceof CutOff ||
  (error instanceof Error &&
    'errcode' in error &&
    typeof error.errcode === 'number' &&
    damageCodes.includes(error.errcode & 0xff));

const hasMore = (path: string): boolean => (statSync(path, { throwIfNoEntry: false })?.size ?? 0) > 0;

/**
 * WAL needs memory that all its processes share (sqlite.org/wal.html). Where other machines may have the folder too, or
 * the file system is unknown, SQLite's rollback journal is used, which needs only the file's locks. `type`: from
 * statfs(2).
 */
export function journalMode(type: number, platform: NodeJS.Platform = process.platform): 'WAL' | 'TRUNCATE' {
  return platform !== 'linux' || ownFileSystems.has(type) ? 'WAL' : 'TRUNCATE';
}

export const fileSystemOf = (path: string): number => statfsSync(path).type;

/** linux/magic.h: ext2 to 4, XFS, Btrfs, ZFS, F2FS, bcachefs, JFS, ReiserFS, tmpfs, ramfs, overlayfs, eCryptfs, FAT, exFAT. */
const ownFileSystems: ReadonlySet<number> = new Set([
  0xef53, 0x58465342, 0x9123683e, 0x2fc12fc1, 0xf2f52010, 0xca451a4e, 0x3153464a, 0x52654973, 0x01021994, 0x858458f6,
  0x794c7630, 0xf15f, 0x4d44, 0x2011bab0,
]);
