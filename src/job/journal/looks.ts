// What the journal has of looks at the hosts of an inventory, which ticks of schedules have: when the last one was, and what was found wrong
// since when. A condition is known by its host and its name.
import type { DatabaseSync, SQLInputValue } from 'node:sqlite';
import type { Row } from './row-columns.ts';
import { inTransaction } from './transaction.ts';

export interface Condition {
  readonly host: string;
  readonly name: string;
  /** Clean. */
  readonly text: string;
  readonly sinceMs: number;
  /** In how many looks it was there, one after the other. */
  readonly looks: number;
}

export interface LookStore {
  /** All whose hosts were looked at. */
  inventories(): readonly string[];
  /** When the last one began; undefined: there was none. */
  lastMs(inventory: string): number | undefined;
  /** False: another process has looked since `beforeMs`, or does now. */
  begin(inventory: string, beforeMs: number, nowMs: number): boolean;
  conditions(inventory: string): readonly Condition[];
  /** What is found now; returns what is over. `isOver`: whether one that was not found is over; else it stays as it was. */
  settle(
    inventory: string,
    isOver: (one: Condition) => boolean,
    found: readonly Pick<Condition, 'host' | 'name' | 'text'>[],
    nowMs: number,
  ): readonly Condition[];
}

export function lookStore(database: DatabaseSync): LookStore {
  const run = (sql: string, ...values: SQLInputValue[]) => database.prepare(sql).run(...values);
  const conditions = (inventory: string): Condition[] =>
    database
      .prepare('SELECT host, name, text, since_ms, looks FROM condition WHERE inventory = ? ORDER BY host, name')
      .all(inventory)
      .map(conditionFrom);
  return {
    inventories: () =>
      database
        .prepare('SELECT inventory FROM look')
        .all()
        .map(({ inventory }) => String(inventory)),
    lastMs: (inventory) => {
      const row = database.prepare('SELECT looked_ms FROM look WHERE inventory = ?').get(inventory);
      return row && Number(row.looked_ms);
    },
    begin: (inventory, beforeMs, nowMs) =>
      // A clock that was set back does not stop the looks.
      run(
        `INSERT INTO look (inventory, looked_ms) VALUES (?1, ?3)
         ON CONFLICT (inventory) DO UPDATE SET looked_ms = ?3 WHERE looked_ms <= ?2 OR looked_ms > ?3`,
        ...[inventory, beforeMs, nowMs],
      ).changes === 1,
    conditions,
    settle: (inventory, isOver, found, nowMs) =>
      inTransaction(database, () => {
        const isFound = (one: Condition) => found.some(({ host, name }) => host === one.host && name === one.name);
        const over = conditions(inventory).filter((one) => !isFound(one) && isOver(one));
        for (const { host, name } of over)
          run('DELETE FROM condition WHERE inventory = ? AND host = ? AND name = ?', inventory, host, name);
        // One that began after now did so before the clock was set back.
        for (const { host, name, text } of found)
          run(
            `INSERT INTO condition (inventory, host, name, text, since_ms, looks) VALUES (?, ?, ?, ?, ?, 1)
             ON CONFLICT (inventory, host, name) DO UPDATE
               SET text = excluded.text, looks = looks + 1, since_ms = min(since_ms, excluded.since_ms)`,
            ...[inventory, host, name, text, nowMs],
          );
        return over;
      }),
  };
}

const conditionFrom = (row: Row): Condition => ({
  host: String(row.host),
  name: String(row.name),
  text: String(row.text),
  sinceMs: Number(row.since_ms),
  looks: Number(row.looks),
});
