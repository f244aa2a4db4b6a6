// Several writes to the journal that are made all together or not at all.
import type { DatabaseSync } from 'node:sqlite';

/** Returns the result of `work`. Throws SQLite's own error, or that of `work`: then nothing is written. */
export function inTransaction<T>(database: DatabaseSync, work: () => T): T {
  database.exec('BEGIN IMMEDIATE');
  try {
    const value = work();
    database.exec('COMMIT');
    return value;
  } catch (error) {
    // On a full disk SQLite has already rolled back by itself, and a second rollback is an error.
    if (database.isTransaction) database.exec('ROLLBACK');
    throw error;
  }
}
