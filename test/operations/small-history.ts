// The shared database as tables in memory, for tests of what is written and read there; what a server alone does is in test/history.
import { DatabaseSync } from 'node:sqlite';
import type { HistoryDatabase, Value } from '../../src/history/connection.ts';
import { statementsFrom } from '../../src/history/tables.ts';

export interface SmallHistory extends HistoryDatabase {
  /** As an account of the database does. */
  change(sql: string, ...values: Value[]): void;
  /** Called before each statement. */
  before: (sql: string) => void;
}

export function openSmallHistory(): SmallHistory {
  const tables = new DatabaseSync(':memory:');
  const seconds = () => performance.timeOrigin / 1000 + performance.now() / 1000;
  tables.function('now6', seconds);
  for (const sql of statementsFrom(0)) tables.exec(asSqlite(sql));
  const small: SmallHistory = {
    before: () => undefined,
    change: (sql, ...values) => void tables.prepare(asSqlite(sql)).run(...values),
    rows: async (sql, ...values) => {
      small.before(sql);
      return tables.prepare(asSqlite(sql)).all(...values);
    },
    write: async (sql, ...values) => {
      small.before(sql);
      return Number(tables.prepare(asSqlite(sql)).run(...values).changes);
    },
    define: async (sql) => tables.exec(asSqlite(sql)),
    close: () => undefined,
  };
  return small;
}

const asSqlite = (sql: string): string =>
  sql
    .replace(/ENGINE=.*$/s, '')
    .replace(/CHARACTER SET \w+ COLLATE \w+/g, '')
    .replace(/,\s*KEY \w+ \([^)]*\)/g, '')
    .replace(/timestampdiff\(MICROSECOND, (\S+), now\(6\)\) DIV 1000/gi, 'CAST((now6() - $1) * 1000 AS INTEGER)')
    .replace(/NOW\(6\) - INTERVAL (\d+) SECOND/gi, '(now6() - $1)')
    .replace(/DELETE FROM reseed_tick WHERE taken .*/s, 'DELETE FROM reseed_tick WHERE 0')
    .replace(/NOW\(6\)/gi, 'now6()')
    .replace(/INSERT IGNORE/g, 'INSERT OR IGNORE')
    .replace(/ IN \(\(/g, ' IN (VALUES (');
