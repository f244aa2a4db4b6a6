// Whether a job's runner lives: it holds a lock for as long as it does, and the kernel lets go of the lock whatever ends the
// process. A pid would not do: another process may have it by now. The lock is SQLite's on a file that holds nothing.
import { DatabaseSync } from 'node:sqlite';
import { privateFile } from '../journal/private-folder.ts';

const busy = 5; // SQLITE_BUSY
/** One who looks holds it for a moment, which is long where that process is not scheduled. */
const heldByLookersMs = 30_000;

/** Takes the runner's lock, or gives undefined where another process has it. Waits while another process only looks. */
export const holdAlive = (path: string) => holdFile(path, heldByLookersMs);

/** Takes the lock of that file, or gives undefined where another still has it after `waitMs`. The file stays. */
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
