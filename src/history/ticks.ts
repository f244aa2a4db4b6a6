// Which jump host begins a time of a schedule, and which one carries out what rules have planned: the one whose row is there first. A row is
// never given to another: what was perhaps begun is not begun twice.
import { createHash } from 'node:crypto';
import { cleanLine } from '../text/clean.ts';
import type { HistoryDatabase } from './connection.ts';
import { HistoryTrouble } from './trouble.ts';

export interface Time {
  readonly schedule: string;
  readonly dueMs: number;
}

const keptDays = 400;

/** No schedule has such a name. */
const turn = 'all rules';
const turnMs = 3_600_000;

/**
 * The name of the jump host whose turn it is with the rules of a fleet; undefined: it is this one's. A turn is an hour of the database's clock,
 * and stays where the one before was: what began at its end goes on in the next one. Throws a HistoryTrouble.
 */
export async function takeTurn(database: HistoryDatabase, jump: string, fleet: string): Promise<string | undefined> {
  const [clock] = await database.rows("SELECT timestampdiff(MICROSECOND, '1970-01-01', now(6)) DIV 1000 AS at_ms");
  const dueMs = Math.floor(Number(clock?.at_ms) / turnMs) * turnMs;
  if (!Number.isSafeInteger(dueMs)) throw new HistoryTrouble('it does not tell its clock');
  const before = await holderOf(database, jump, { fleet, time: { schedule: turn, dueMs: dueMs - turnMs } });
  return before?.other ?? (await takeTime(database, jump, fleet, { schedule: turn, dueMs }));
}

/** The name of the jump host that has the time; undefined: this one. Throws a HistoryTrouble. */
export async function takeTime(
  database: HistoryDatabase,
  jump: string,
  fleet: string,
  { schedule, dueMs }: Time,
): Promise<string | undefined> {
  const what = nameOf(fleet, schedule);
  const taken = await database.write(
    'INSERT IGNORE INTO reseed_tick (what, due_ms, schedule, jump, taken) VALUES (?, ?, ?, ?, NOW(6))',
    ...[what, dueMs, schedule.slice(0, 190), jump],
  );
  if (taken > 0) {
    await database.write(`DELETE FROM reseed_tick WHERE taken < NOW(6) - INTERVAL ${keptDays} DAY LIMIT 1000`);
  }
  // What was written is what counts, and not what was said of it.
  const holder = await holderOf(database, jump, { fleet, time: { schedule, dueMs } });
  // IGNORE takes any error of the row for one that is there.
  if (!holder) throw new HistoryTrouble('it did not take the time of a schedule');
  return holder.other;
}

const nameOf = (fleet: string, schedule: string) =>
  createHash('sha256')
    .update(JSON.stringify([fleet, schedule]))
    .digest('hex');

/** `other`: the name of another jump host that has it; undefined: no one has. */
async function holderOf(
  database: HistoryDatabase,
  jump: string,
  { fleet, time }: { readonly fleet: string; readonly time: Time },
): Promise<{ readonly other?: string } | undefined> {
  const [row] = await database.rows(
    `SELECT reseed_tick.jump, name FROM reseed_tick LEFT JOIN reseed_jump_host ON reseed_jump_host.id = reseed_tick.jump
     WHERE what = ? AND due_ms = ?`,
    ...[nameOf(fleet, time.schedule), time.dueMs],
  );
  if (!row) return undefined;
  return row.jump === jump ? {} : { other: cleanLine(String(row.name ?? 'another jump host')).slice(0, 80) };
}
