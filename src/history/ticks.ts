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

/** Who has a time: neither, it is this jump host. `other`: the name of another one. `doubt`: why the row may be no jump host's. */
export interface Holder {
  readonly other?: string;
  readonly doubt?: string;
}

/**
 * The jump host whose turn it is with the rules of a fleet. A turn is an hour of the database's clock,
 * and stays where the one before was: what began at its end goes on in the next one. Throws a HistoryTrouble.
 */
export async function takeTurn(database: HistoryDatabase, jump: string, fleet: string): Promise<Holder> {
  const [clock] = await database.rows("SELECT timestampdiff(MICROSECOND, '1970-01-01', now(6)) DIV 1000 AS at_ms");
  const dueMs = Math.floor(Number(clock?.at_ms) / turnMs) * turnMs;
  if (!Number.isSafeInteger(dueMs)) throw new HistoryTrouble('it does not tell its clock');
  const before = await holderOf(database, jump, { fleet, time: { schedule: turn, dueMs: dueMs - turnMs } });
  if (before && isTaken(before)) return before;
  return await takeTime(database, jump, fleet, { schedule: turn, dueMs });
}

const isTaken = ({ other, doubt }: Holder) => other !== undefined || doubt !== undefined;

/** Throws a HistoryTrouble. */
export async function takeTime(
  database: HistoryDatabase,
  jump: string,
  fleet: string,
  { schedule, dueMs }: Time,
): Promise<Holder> {
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
  return holder;
}

const nameOf = (fleet: string, schedule: string) =>
  createHash('sha256')
    .update(JSON.stringify([fleet, schedule]))
    .digest('hex');

/** undefined: no one has it. */
async function holderOf(
  database: HistoryDatabase,
  jump: string,
  { fleet, time }: { readonly fleet: string; readonly time: Time },
): Promise<Holder | undefined> {
  const [row] = await database.rows(
    `SELECT reseed_tick.jump, name, timestampdiff(MICROSECOND, taken, now(6)) DIV 1000 AS taken_ago_ms,
     timestampdiff(MICROSECOND, reseed_jump_host.heard, now(6)) DIV 1000 AS heard_ago_ms FROM reseed_tick LEFT JOIN reseed_jump_host ON reseed_jump_host.id = reseed_tick.jump
     WHERE what = ? AND due_ms = ?`,
    ...[nameOf(fleet, time.schedule), time.dueMs],
  );
  if (!row) return undefined;
  if (row.jump === jump) return {};
  const other = cleanLine(String(row.name ?? '')).slice(0, 80);
  const [takenAgoMs, heardAgoMs] = [Number(row.taken_ago_ms), Number(row.heard_ago_ms)];
  const isTurn = time.schedule === turn;
  const doubt =
    other === ''
      ? 'its row is of a jump host that the database does not have'
      : doubtOf(other, { takenAgoMs, heardAgoMs, ...(!isTurn && { dueAgoMs: Date.now() - time.dueMs }) });
  return doubt === undefined ? { other } : { doubt };
}

/** A jump host tells of itself directly before it takes a time. */
const apartMs = 600_000;
/** Clocks of jump hosts may differ. */
const earlyMs = 3_600_000;

interface Row {
  readonly takenAgoMs: number;
  readonly heardAgoMs: number;
  /** Absent: by another clock. */
  readonly dueAgoMs?: number;
}

/** Any account that can write into the database can write such a row. */
function doubtOf(name: string, { takenAgoMs, heardAgoMs, dueAgoMs = takenAgoMs }: Row): string | undefined {
  if (Math.min(takenAgoMs, heardAgoMs) < -apartMs) return `its row is of ${name}, and of a time to come`;
  if (heardAgoMs > takenAgoMs + apartMs) return `its row is of ${name}, which was not heard of then`;
  return takenAgoMs > dueAgoMs + earlyMs ? `its row is of ${name}, and was there long before that time` : undefined;
}
