// Which jump host begins a time of a schedule: the one whose row is there first. A row is never given to another: what was perhaps begun is
// not begun twice.
import { createHash } from 'node:crypto';
import { cleanLine } from '../text/clean.ts';
import type { HistoryDatabase } from './connection.ts';
import { HistoryTrouble } from './trouble.ts';

export interface Time {
  readonly schedule: string;
  readonly dueMs: number;
}

const keptDays = 400;

/** The name of the jump host that has the time; undefined: this one. Throws a HistoryTrouble. */
export async function takeTime(
  database: HistoryDatabase,
  jump: string,
  fleet: string,
  { schedule, dueMs }: Time,
): Promise<string | undefined> {
  const what = createHash('sha256')
    .update(JSON.stringify([fleet, schedule]))
    .digest('hex');
  const taken = await database.write(
    'INSERT IGNORE INTO reseed_tick (what, due_ms, schedule, jump, taken) VALUES (?, ?, ?, ?, NOW(6))',
    ...[what, dueMs, schedule.slice(0, 190), jump],
  );
  if (taken > 0) {
    await database.write(`DELETE FROM reseed_tick WHERE taken < NOW(6) - INTERVAL ${keptDays} DAY LIMIT 1000`);
  }
  // What was written is what counts, and not what was said of it.
  const [row] = await database.rows(
    `SELECT reseed_tick.jump, name FROM reseed_tick LEFT JOIN reseed_jump_host ON reseed_jump_host.id = reseed_tick.jump
     WHERE what = ? AND due_ms = ?`,
    ...[what, dueMs],
  );
  // IGNORE takes any error of the row for one that is there.
  if (!row) throw new HistoryTrouble('it did not take the time of a schedule');
  return row.jump === jump ? undefined : cleanLine(String(row.name ?? 'another jump host')).slice(0, 80);
}
