// What a jump host writes into the shared database: itself, its jobs, what they ran, their logs. All of it is keyed by jump host, job and what
// counts up in the job, so that it is there once, however often it is sent.
import type { PlainRow, PlainRows } from '../job/journal/sharing.ts';
import type { RunnerState } from '../job/lease/runner-state.ts';
import type { HistoryDatabase } from './connection.ts';
import { jobParts, type SharedKey, sealOf } from './seal.ts';
import { rowForm } from './tables.ts';

/** Of a job's log; older lines are in the file of its jump host. */
export const keptLogBytes = 4 * 1024 * 1024;

export interface Sender {
  readonly database: HistoryDatabase;
  readonly jump: string;
  /** Of the jump host: `jump2`. */
  readonly name: string;
  /** Absent: the jump hosts share none. */
  readonly key?: SharedKey;
}

/** What a jump host tells of itself. */
export interface ToldHost {
  readonly name: string;
  readonly build: string;
  readonly token: string;
}

/** The name is free, or this one's already. */
export async function claimName(database: HistoryDatabase, jump: string, { name, build, token }: ToldHost) {
  const [other] = await database.rows('SELECT id FROM reseed_jump_host WHERE name = ? AND id <> ?', name, jump);
  if (other) return false;
  await database.write(
    'REPLACE INTO reseed_jump_host (id, name, build, token, heard) VALUES (?, ?, ?, ?, NOW(6))',
    ...[jump, name, build, token],
  );
  return true;
}

export interface TokenSwap {
  /** One of these is there, if no other journal wrote it. */
  readonly known: readonly string[];
  readonly token: string;
  readonly nonce?: string | undefined;
}

/** Tells that it is there. `unknown`: the database does not know this jump host any more. */
export async function swapToken(
  { database, jump }: Pick<Sender, 'database' | 'jump'>,
  build: string,
  { known, token, nonce }: TokenSwap,
): Promise<'ours' | 'unknown' | 'another'> {
  const written = await database.write(
    `UPDATE reseed_jump_host SET heard = NOW(6), build = ?, token = ?, nonce = coalesce(?, nonce)
     WHERE id = ? AND token IN (${known.map(() => '?').join(', ')})`,
    ...[build, token, nonce ?? null, jump, ...known],
  );
  if (written > 0) return 'ours';
  const [row] = await database.rows('SELECT id FROM reseed_jump_host WHERE id = ?', jump);
  return row ? 'another' : 'unknown';
}

export interface JobNow {
  readonly job: number;
  readonly rows: PlainRows;
  readonly isOver: boolean;
  readonly runner: RunnerState;
}

export async function sendJob(
  { database, jump, name, key }: Sender,
  { job, rows, isOver, runner }: JobNow,
): Promise<void> {
  const { seq } = rows;
  const [written, state] = [JSON.stringify(rows.written), JSON.stringify(rows.state)];
  const seal = sealOf(key, jobParts(jump, name, { job, form: rowForm, seq, written, state }));
  const over = isOver ? 1 : 0;
  // What was sent before, by a sender that ended before it could note that, is written again.
  const changed = await database.write(
    `UPDATE reseed_job SET form = ?, seq = ?, is_over = ?, state = ?, seal = ?, runner = ?, heard = NOW(6)
     WHERE jump = ? AND job = ? AND seq <= ?`,
    ...[rowForm, seq, over, state, seal, runner, jump, job, seq],
  );
  if (changed > 0) return;
  await database.write('REPLACE INTO reseed_plan (jump, job, written) VALUES (?, ?, ?)', jump, job, written);
  await database.write(
    `INSERT INTO reseed_job (jump, job, form, seq, created_ms, is_over, state, seal, runner, heard)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, NOW(6))`,
    ...[jump, job, rowForm, seq, rows.written.created_ms ?? 0, over, state, seal, runner],
  );
}

/** Renews the lease of a job that is not over. */
export async function renew({ database, jump }: Sender, job: number, runner: RunnerState): Promise<void> {
  const renewed = 'UPDATE reseed_job SET heard = NOW(6), runner = ? WHERE jump = ? AND job = ?';
  await database.write(renewed, runner, jump, job);
}

export async function sendCommands(
  { database, jump }: Sender,
  job: number,
  commands: readonly { readonly id: number; readonly row: PlainRow }[],
): Promise<void> {
  const places = commands.map(() => '(?, ?, ?, ?)').join(', ');
  const values = commands.flatMap(({ id, row }) => [jump, job, id, JSON.stringify(row)]);
  await database.write(`REPLACE INTO reseed_command (jump, job, command, data) VALUES ${places}`, ...values);
}

/** Of a log: whole lines. */
interface LogPart {
  /** The place of its first byte, and how many it has there: text of a letter that broke off has more. */
  readonly at: number;
  readonly bytes: number;
  readonly text: string;
}

export async function sendLog({ database, jump }: Sender, job: number, { at, bytes, text }: LogPart): Promise<void> {
  await database.write(
    'REPLACE INTO reseed_log (jump, job, at, bytes, data) VALUES (?, ?, ?, ?, ?)',
    ...[jump, job, at, bytes, text],
  );
  const oldest = at + bytes - keptLogBytes;
  if (oldest > 0) {
    await database.write('DELETE FROM reseed_log WHERE jump = ? AND job = ? AND at < ?', jump, job, oldest);
  }
}
