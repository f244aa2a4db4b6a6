// Several writes to the journal that count together or not at all.
import type { DatabaseSync } from 'node:sqlite';

/** Gives what `work` gives. Throws SQLite's own error, or what `work` throws: nothing of it is then written. */
export function inTransaction<T>(database: DatabaseSync, work: () => T): T {
  database.exec('BEGIN IMMEDIATE');
  try {
    const value = work();
    database.exec('COMMIT');
    return value;
  } catch (error) {
    // On a full disk SQLite has rolled back by itself, and says of a second rollback that there is none.
    if (database.isTransaction) database.exec('ROLLBACK');
    throw error;
  }
}
