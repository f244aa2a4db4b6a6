// MEMORY tables of copied data, which are empty. A server notes that by a TRUNCATE (DELETE before 8.0.22) in its own binary log when it
// first opens such a table after a start, whatever read_only says: behind the reset of its log that is a transaction of the target's own.
// So they are opened before it, and what was written goes with the reset.
//   MySQL manual, "Replication and MEMORY Tables" [ran: 9.7.4, and MariaDB 10.11]
import { readAnswers } from '../../host/server/batch.ts';
import { statements } from './words.ts';

/**
 * Names go from the server's own list into a statement that the server builds and runs: none of them is in text of ours. CHECKSUM TABLE
 * opens each, and answers NULL where it can't. A session of its own: the names are in utf8mb4, an account's password may be in another.
 */
export const openWords = statements(
  'SET NAMES utf8mb4',
  'SET SESSION group_concat_max_len = 16777216',
  "SET @tables = (SELECT GROUP_CONCAT(CONCAT('`', REPLACE(TABLE_SCHEMA, '`', '``'), '`.`', REPLACE(TABLE_NAME, '`', '``'), '`') SEPARATOR ', ') FROM information_schema.TABLES WHERE ENGINE = 'MEMORY' AND TABLE_TYPE = 'BASE TABLE' AND TABLE_SCHEMA NOT IN ('information_schema', 'performance_schema', 'mysql', 'sys'))",
  "SET @opening = COALESCE(CONCAT('CHECKSUM TABLE ', @tables), 'DO 0')",
  'PREPARE opening FROM @opening',
  "SELECT 'opened' AS answer",
  'EXECUTE opening',
);

/** What openWords answered: how many tables, and the names (`shop.basket`) of those that could not be opened. */
export function readOpened(text: string): { readonly count: number; readonly unopened: readonly string[] } {
  const rows = readAnswers(text).get('opened')?.rows ?? [];
  const unopened = rows.filter((row) => !/^\d+$/.test(row.get('Checksum') ?? '')).map((row) => row.get('Table') ?? '?');
  return { count: rows.length, unopened };
}
