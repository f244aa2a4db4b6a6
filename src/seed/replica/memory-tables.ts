// MEMORY tables of copied data, which are empty. When a server first opens such a table after a start, it writes a
// TRUNCATE (DELETE before 8.0.22) to its own binary log, whatever read_only says. After the reset of its log that would
// be a transaction of the target's own. So the tables are opened before the reset, which removes these transactions.
//   MySQL manual, "Replication and MEMORY Tables" [ran: 9.7.4, and MariaDB 10.11]
import { readAnswers } from '../../host/server/batch.ts';
import { ownDatabases } from '../../host/server/own-databases.ts';
import { statements } from './words.ts';

/**
 * The server itself lists the names and builds and runs the statement: none of the names is in text of ours. CHECKSUM
 * TABLE opens each table, and returns NULL where it can't. It needs its own session: names are in utf8mb4, an account's
 * password may not be.
 */
export const openWords = statements(
  'SET NAMES utf8mb4',
  'SET SESSION group_concat_max_len = 16777216',
  `SET @tables = (SELECT GROUP_CONCAT(CONCAT('\`', REPLACE(TABLE_SCHEMA, '\`', '\`\`'), '\`.\`', REPLACE(TABLE_NAME, '\`', '\`\`'), '\`') SEPARATOR ', ') FROM information_schema.TABLES WHERE ENGINE = 'MEMORY' AND TABLE_TYPE = 'BASE TABLE' AND CAST(TABLE_SCHEMA AS BINARY) NOT IN (${ownDatabases}))`,
  "SET @opening = COALESCE(CONCAT('CHECKSUM TABLE ', @tables), 'DO 0')",
  'PREPARE opening FROM @opening',
  "SELECT 'opened' AS answer",
  'EXECUTE opening',
);

/** Reads the answer to openWords: how many tables, and the names (`shop.basket`) of those that could not be opened. */
export function readOpened(text: string): { readonly count: number; readonly unopened: readonly string[] } {
  const rows = readAnswers(text).get('opened')?.rows ?? [];
  const unopened = rows.filter((row) => !/^\d+$/.test(row.get('Checksum') ?? '')).map((row) => row.get('Table') ?? '?');
  return { count: rows.length, unopened };
}
