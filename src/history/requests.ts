// What one jump host asks of another: that it ends a job of its own. A request is a row that the other looks for; it is answered once, or
// withdrawn, and then never carried out. The seal tells that a jump host wrote it, for the last seconds of the other (`nonce`): an account of the
// database alone can make none, and can't put an old one back. The answer is sealed too.
import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { cleanLine } from '../text/clean.ts';
import type { HistoryDatabase } from './connection.ts';
import type { OtherName } from './name.ts';
import { isSealed, type SharedKey, sealOf } from './seal.ts';
import { HistoryTrouble } from './trouble.ts';

export interface AbortRequest {
  readonly id: string;
  /** The job's number on the jump host that is asked, and its key. */
  readonly job: number;
  readonly key: string;
  /** Who asks, and through which jump host. Clean. */
  readonly who: string;
  /** What the asked one had told when it was asked. */
  readonly nonce: string;
  readonly isSealed: boolean;
}

/** A request that was written. */
export interface Asked {
  readonly id: string;
  /** The jump host that is asked. */
  readonly jump: string;
}

export interface Answer {
  readonly isDone: boolean;
  /** Clean words. */
  readonly text: string;
}

const dataForm = z.object({
  verb: z.literal('abort'),
  key: z.string().max(100),
  who: z.string().max(500),
  // One without is refused like an old one.
  nonce: z.string().max(64).default(''),
});
const rowForm = z.object({
  id: z.string().regex(/^[\da-f]{32}$/),
  job: z.coerce.number().int().positive(),
  data: z.string().max(5000),
  seal: z.string().max(64),
});

/** Older ones are not carried out: who asked has stopped waiting. */
const validSeconds = 120;

const partsOf = (jump: string, id: string, job: number, data: string) => ['request', jump, id, job, data];

const answerParts = ({ jump, id }: Asked, { isDone, text }: Answer) => ['answer', jump, id, isDone ? 1 : 0, text];

/** Throws a HistoryTrouble. */
export async function askAbort(
  database: HistoryDatabase,
  shared: SharedKey,
  { host, id: job }: OtherName,
  { key, who }: Pick<AbortRequest, 'key' | 'who'>,
): Promise<Asked> {
  const [row] = await database.rows('SELECT id, nonce FROM reseed_jump_host WHERE name = ?', host);
  if (!row) throw new HistoryTrouble(`it knows no jump host ${host}`);
  const jump = String(row.id);
  const id = randomBytes(16).toString('hex');
  const data = JSON.stringify({ verb: 'abort', key, who, nonce: String(row.nonce) });
  await database.write(
    'INSERT INTO reseed_request (id, jump, job, asked, data, seal) VALUES (?, ?, ?, NOW(6), ?, ?)',
    ...[id, jump, job, data, sealOf(shared, partsOf(jump, id, job, data))],
  );
  return { id, jump };
}

/** undefined: not yet. Throws a HistoryTrouble. */
export async function answerOf(
  database: HistoryDatabase,
  shared: SharedKey,
  asked: Asked,
): Promise<Answer | undefined> {
  const [row] = await database.rows('SELECT is_done, answer, answer_seal FROM reseed_request WHERE id = ?', asked.id);
  if (!row) return { isDone: false, text: 'the request was removed from the database' };
  if (row.is_done === null || row.is_done === underWay) return undefined;
  const answer = { isDone: row.is_done === 1, text: String(row.answer ?? '').slice(0, mostLetters) };
  if (!isSealed(shared, answerParts(asked, answer), String(row.answer_seal ?? ''))) {
    return { isDone: false, text: 'its answer is not sealed by the key that is shared here (history: key)' };
  }
  return { ...answer, text: cleanLine(answer.text) };
}

const underWay = 2;
const mostLetters = 2000;

/** False: it was withdrawn, or another process has it. Throws a HistoryTrouble. */
export const takeRequest = async (database: HistoryDatabase, id: string): Promise<boolean> =>
  (await database.write(`UPDATE reseed_request SET is_done = ${underWay} WHERE id = ? AND is_done IS NULL`, id)) === 1;

/** False: it was taken before. Throws a HistoryTrouble. */
export const withdraw = async (database: HistoryDatabase, id: string): Promise<boolean> =>
  (await database.write('UPDATE reseed_request SET is_done = 0 WHERE id = ? AND is_done IS NULL', id)) === 1;

/** Of a request that was taken. Throws a HistoryTrouble. */
export async function giveAnswer(
  database: HistoryDatabase,
  shared: SharedKey | undefined,
  asked: Asked,
  { isDone, text }: Answer,
): Promise<void> {
  const answer = { isDone, text: text.slice(0, mostLetters) };
  await database.write(
    'UPDATE reseed_request SET is_done = ?, answer = ?, answer_seal = ? WHERE id = ?',
    ...[isDone ? 1 : 0, answer.text, sealOf(shared, answerParts(asked, answer)), asked.id],
  );
}

/** Requests of this jump host that wait for an answer. `shared`: absent, none counts as sealed. Throws a HistoryTrouble. */
export async function requestsOf(
  database: HistoryDatabase,
  jump: string,
  shared: SharedKey | undefined,
): Promise<readonly AbortRequest[]> {
  const rows = await database.rows(
    `SELECT id, job, data, seal FROM reseed_request
     WHERE jump = ? AND is_done IS NULL AND asked > NOW(6) - INTERVAL ${validSeconds} SECOND ORDER BY asked LIMIT 20`,
    jump,
  );
  return rows.flatMap((row) => {
    const { data: read } = rowForm.safeParse(row);
    const data = read && dataIn(read.data);
    if (!read || !data) return [];
    const { id, job, seal } = read;
    const sealed = shared !== undefined && isSealed(shared, partsOf(jump, id, job, read.data), seal);
    return [{ id, job, key: data.key, who: cleanLine(data.who), nonce: data.nonce, isSealed: sealed }];
  });
}

function dataIn(text: string): z.output<typeof dataForm> | undefined {
  try {
    return dataForm.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}
