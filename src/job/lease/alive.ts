// Whether a job's runner lives. The runner holds a lock, and the kernel releases the lock however the process ends. A
// pid would not do: another process may have it by now. The lock is SQLite's, on an empty file.
import { DatabaseSync } from 'node:sqlite';
import { privateFile } from '../journal/private-folder.ts';

const busy = 5; // SQLITE_BUSY
/** A process that only checks holds the lock for a moment, which is long if that process is not scheduled. */
const heldByLookersMs = 30_000;

/** Takes the runner's lock; undefined if another process has it. Waits while another process only checks it. */
export const holdAlive = (path: string) => holdFile(path, heldByLookersMs);

/** Takes the lock of that file; undefined if another still has it after `waitMs`. The file stays. */
export function holdFile(path: string, waitMs: number): { release(): void } | undefined {
  privateFile(path);
  const database = lockedFile(path, waitMs);
  return database && { release: () => database.close() };
}

export function isAlive(path: string): boolean {
  const database = lockedFile(path, 0);
  database?.close();
  return !database;
}

function lockedFile(path: string, waitMs: number): DatabaseSync | undefined {
  const database = new DatabaseSync(path, { timeout: waitMs });
  try {
    database.exec('BEGIN EXCLUSIVE');
    return database;
  } catch (error) {
    database.close();
    if (error instanceof Error && 'errcode' in error && error.errcode === busy) return undefined;
    throw error;
  }
}
