// The jobs of other jump hosts, read from the shared database. Each value is checked like those of a damaged journal, and each text cleaned:
// what is made here is to be shown, and never run.
import { z } from 'zod';
import { type CommandRecord, isOver, type JobRecord } from '../job/journal/record.ts';
import { commandFrom, recordFrom, writtenFrom } from '../job/journal/record-rows.ts';
import type { Row } from '../job/journal/row-columns.ts';
import { RowDamage } from '../job/journal/row-damage.ts';
import type { Carried, RunnerState } from '../job/lease/runner-state.ts';
import { issueText } from '../job/plan/step-work.ts';
import { olderPlan } from '../seed/older-plans.ts';
import { cleanLine, cleanText } from '../text/clean.ts';
import type { AnswerRow, HistoryDatabase } from './connection.ts';
import type { OtherName } from './name.ts';
import { isSealed, jobParts, type SharedKey } from './seal.ts';
import { rowForm } from './tables.ts';
import { HistoryTrouble } from './trouble.ts';

export interface OtherJob extends Carried {
  /** `jump2:7` */
  readonly name: string;
  /** The jump host: `jump2`. */
  readonly from: string;
  readonly job: JobRecord;
  /** Counts its changes. */
  readonly seq: number;
  /** How long ago its jump host was heard of, by the clock of the database. */
  readonly heardAgoMs: number;
}

/** A row that can't be shown. */
export interface UnreadJob {
  /** `jump2:7` */
  readonly name: string;
  /** Clean words. */
  readonly why: string;
}

export interface OtherJobs {
  /** The newest first. */
  readonly jobs: readonly OtherJob[];
  readonly unread: readonly UnreadJob[];
}

/** Longer than a few renewals take. */
const freshMs = 60_000;
const mostLetters = 8 * 1024 * 1024;

const scalar = z.union([z.string(), z.number(), z.null()]);
const plainRow = z.record(z.string(), scalar);
const stateForm = z.object({
  job: plainRow,
  steps: z.array(plainRow).max(10_000),
  resources: z.array(plainRow).max(10_000),
  lease: plainRow.optional(),
});
const rowOf = z.object({
  jump: z.string().regex(/^[\da-f]{32}$/),
  name: z.string().regex(/^[\w.-]{1,64}$/),
  job: z.coerce.number().int().positive(),
  form: z.coerce.number().int(),
  seq: z.coerce.number().int(),
  runner: z.enum(['alive', 'died', 'lapsed']),
  ago_ms: z.coerce.number(),
  written: z.string().max(mostLetters),
  state: z.string().max(mostLetters),
});

const columns = `reseed_job.jump, host.name, reseed_job.job, form, seq, runner, written, state,
  timestampdiff(MICROSECOND, reseed_job.heard, now(6)) DIV 1000 AS ago_ms`;
const tables = `reseed_job JOIN reseed_jump_host host ON host.id = reseed_job.jump
  JOIN reseed_plan ON reseed_plan.jump = reseed_job.jump AND reseed_plan.job = reseed_job.job`;
const isSmall = `length(written) <= ${mostLetters} AND length(state) <= ${mostLetters}`;
const wholeAtOnce = 10;
/** Of all rows that one question reads: they are held at once. */
const mostInAll = 64 * 1024 * 1024;

/**
 * The newest, and all that are not over. `known`: the last answer, from which an unchanged job is taken: its plan is by far the largest part.
 * Throws a HistoryTrouble.
 */
export async function otherJobs(
  database: HistoryDatabase,
  jump: string,
  limit: number,
  known: OtherJobs = { jobs: [], unread: [] },
): Promise<OtherJobs> {
  const list = async (isOver: 0 | 1) =>
    await database.rows(
      `SELECT ${columns.replace('written, state', "'' AS written, '' AS state")},
       length(written) AS written_size, length(state) AS state_size FROM ${tables}
       WHERE reseed_job.jump <> ? AND is_over = ${isOver} ORDER BY created_ms DESC LIMIT ${limit}`,
      jump,
    );
  const rows = [...(await list(0)), ...(await list(1))];
  const before = new Map(known.jobs.map((one) => [one.name, one]));
  const unchanged = rows.flatMap((row) => {
    const one = before.get(nameIn(row));
    return one && one.seq === Number(row.seq) ? [again(one, row)] : [];
  });
  const names = new Set(unchanged.map(({ name }) => name));
  const { fits: changed, large } = bySize(rows.filter((row) => !names.has(nameIn(row))));
  const read: (OtherJob | UnreadJob)[] = [...unchanged, ...large];
  for (let at = 0; at < changed.length; at += wholeAtOnce) {
    const some = changed.slice(at, at + wholeAtOnce);
    const places = some.map(() => '(?, ?)').join(', ');
    const keys = some.flatMap((row) => [String(row.jump), Number(row.job)]);
    const whole = await database.rows(
      `SELECT ${columns} FROM ${tables} WHERE (reseed_job.jump, reseed_job.job) IN (${places}) AND ${isSmall}`,
      ...keys,
    );
    read.push(...whole.map(jobFrom));
  }
  return {
    jobs: read.filter((one) => 'job' in one).toSorted((one, other) => other.job.createdMs - one.job.createdMs),
    unread: read.filter((one) => 'why' in one),
  };
}

/** More than there are in a day: a host is not rebuilt again on that day, and one is at a time. */
const mostOfRules = 20;

/** Those that rules of other jump hosts began since then, or that are not over. Throws a HistoryTrouble. */
export async function otherJobsOfRules(database: HistoryDatabase, jump: string, sinceMs: number): Promise<OtherJobs> {
  const rows = await database.rows(
    `SELECT ${columns} FROM ${tables} WHERE reseed_job.jump <> ? AND (is_over = 0 OR created_ms >= ?)
     AND instr(written, ?) > 0 AND ${isSmall} ORDER BY is_over, created_ms DESC LIMIT ${mostOfRules}`,
    // As it stands in the JSON of who asked, in that of the row.
    ...[jump, sinceMs, '\\"rule\\":'],
  );
  const read = rows.map(jobFrom);
  return {
    jobs: read.filter((one) => 'job' in one).filter(({ job }) => job.who.rule !== undefined),
    unread: read.filter((one) => 'why' in one),
  };
}

/** The newest of those that are not over come first. */
function bySize(rows: readonly AnswerRow[]) {
  let left = mostInAll;
  const fits: AnswerRow[] = [];
  const large: UnreadJob[] = [];
  for (const row of rows) {
    const sizes = [Number(row.written_size), Number(row.state_size)];
    const size = sizes.reduce((sum, one) => sum + one, 0);
    if (size <= left && sizes.every((one) => one <= mostLetters)) {
      left -= size;
      fits.push(row);
    } else large.push({ name: nameIn(row), why: 'its row is too large' });
  }
  return { fits, large };
}

const nameIn = ({ name, job }: AnswerRow): string => cleanLine(`${name}:${job}`).slice(0, 80);

/** The same object, if nothing of it is new. */
function again(one: OtherJob, row: AnswerRow): OtherJob {
  const { data } = rowOf.safeParse(row);
  if (!data) return one;
  const carried = carriedThere(one.job, data.runner, data.ago_ms);
  if (carried.abandoned === one.abandoned && carried.lapsed === undefined && one.lapsed === undefined) return one;
  const { lapsed: _, ...rest } = one;
  return { ...rest, ...carried, heardAgoMs: data.ago_ms };
}

/** undefined: there is none. Throws a HistoryTrouble. */
export async function otherJob(
  database: HistoryDatabase,
  { host, id }: OtherName,
): Promise<OtherJob | UnreadJob | undefined> {
  const [row] = await database.rows(
    `SELECT ${columns} FROM ${tables} WHERE host.name = ? AND reseed_job.job = ? AND ${isSmall}`,
    ...[host, id],
  );
  return row && jobFrom(row);
}

/** The same as its own jump host wrote it: what is agreed to is no row of an account of the database. Throws a HistoryTrouble. */
export async function sealedJob(
  database: HistoryDatabase,
  shared: SharedKey,
  { host, id }: OtherName,
): Promise<OtherJob | UnreadJob | undefined> {
  const [row] = await database.rows(
    `SELECT ${columns}, seal FROM ${tables} WHERE host.name = ? AND reseed_job.job = ? AND ${isSmall}`,
    ...[host, id],
  );
  const { data } = rowOf.safeParse(row);
  if (!row || !data) return row && jobFrom(row);
  if (isSealed(shared, jobParts(data.jump, data.name, data), String(row.seal))) return jobFrom(row);
  return { name: nameIn(row), why: `its row is not sealed by ${host} with the key that is shared here (history: key)` };
}

export interface JumpHost {
  readonly name: string;
  readonly build: string;
  readonly heardAgoMs: number;
}

const jumpHostForm = z.object({ name: z.string(), build: z.string(), ago_ms: z.coerce.number() });

/** All that have ever joined. Throws a HistoryTrouble. */
export async function jumpHosts(database: HistoryDatabase): Promise<readonly JumpHost[]> {
  const rows = await database.rows(
    `SELECT name, build, timestampdiff(MICROSECOND, heard, now(6)) DIV 1000 AS ago_ms
     FROM reseed_jump_host ORDER BY name LIMIT 1000`,
  );
  return rows.flatMap((row) => {
    const { data } = jumpHostForm.safeParse(row);
    return data ? [{ name: cleanLine(data.name), build: cleanLine(data.build), heardAgoMs: data.ago_ms }] : [];
  });
}

function jobFrom(row: AnswerRow): OtherJob | UnreadJob {
  const name = nameIn(row);
  // The other columns may be of another form too.
  if (Number(row.form) > rowForm) return { name, why: 'its row is of a newer reseed' };
  const { data, error } = rowOf.safeParse(row);
  if (error) return { name, why: `its row is damaged: ${issueText(error)}` };
  const job = recordIn(data.job, data.written, data.state);
  if (typeof job === 'string') return { name, why: job };
  const { name: from, seq, runner, ago_ms: heardAgoMs } = data;
  return { name, from, seq, job, ...carriedThere(job, runner, heardAgoMs), heardAgoMs };
}

/** Its runner is only known to have died where its own jump host says so, and is heard of. */
function carriedThere({ state }: JobRecord, runner: RunnerState, agoMs: number): Carried {
  if (isOver(state)) return { abandoned: false };
  const isHeard = agoMs <= freshMs;
  return isHeard && runner !== 'lapsed' ? { abandoned: runner === 'died' } : { abandoned: false, lapsed: true };
}

function recordIn(id: number, written: string, state: string): JobRecord | string {
  try {
    const rows = stateForm.parse(JSON.parse(state));
    const { lease, ...of } = rows;
    const record = recordFrom(writtenFrom(id, plainRow.parse(JSON.parse(written)), olderPlan), {
      ...of,
      lease: lease as Row | undefined,
    });
    return cleaned(record);
  } catch (error) {
    if (error instanceof RowDamage) return error.message;
    if (error instanceof z.ZodError) return `its row is damaged: ${issueText(error)}`;
    if (error instanceof SyntaxError) return 'its row is damaged: not JSON';
    // Text of another machine can break a reader in any way; the other jobs are shown.
    return `its row is damaged: ${cleanLine(String(error)).slice(0, 200)}`;
  }
}

/** Every text in it, the names of keys too. */
function cleaned<T>(value: T): T {
  return cleanedValue(value, 0) as T;
}

/** No plan or result is nested as deep; what shows them calls itself for each level. */
const deepest = 100;

function cleanedValue(value: unknown, depth: number): unknown {
  if (depth > deepest) throw new RangeError(`it is nested more than ${deepest} deep`);
  if (typeof value === 'string') return cleanLine(value);
  if (Array.isArray(value)) return value.map((part) => cleanedValue(part, depth + 1));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, part]) => [cleanLine(key), cleanedValue(part, depth + 1)]),
  );
}

const mostCommands = 5000;

/** What it ran; a row that can't be read is left out. Throws a HistoryTrouble. */
export async function otherCommands(database: HistoryDatabase, { host, id }: OtherName): Promise<CommandRecord[]> {
  const of = `FROM reseed_command JOIN reseed_jump_host ON reseed_jump_host.id = jump
     WHERE name = ? AND job = ? AND length(data) <= ${mostLetters}`;
  const sizes = await database.rows(
    `SELECT command, length(data) AS size ${of} ORDER BY command LIMIT ${mostCommands}`,
    ...[host, id],
  );
  let sum = 0;
  let last = 0;
  for (const { command, size } of sizes) {
    sum += Number(size);
    if (sum > mostInAll) break;
    last = Number(command);
  }
  const rows = await database.rows(
    `SELECT data ${of} AND command <= ? ORDER BY command LIMIT ${mostCommands}`,
    ...[host, id, last],
  );
  return rows.flatMap(({ data }) => {
    try {
      return [cleaned(commandFrom(id, plainRow.parse(JSON.parse(String(data)))))];
    } catch {
      return [];
    }
  });
}

export interface LogPart {
  /** Clean text. */
  readonly text: string;
  /** The place behind it in the log: what the next call asks from. */
  readonly next: number;
  /** Bytes before it that are not there any more. */
  readonly left: number;
}

const logRowsAtOnce = 8;
/** A piece, as it is sent, with every byte of it written as three. */
const mostOfPiece = 1024 * 1024;

/** The log as far as it was sent; `next` equal to `from`: there is no more yet. Throws a HistoryTrouble. */
export async function otherLog(database: HistoryDatabase, { host, id }: OtherName, from: number): Promise<LogPart> {
  const rows = await database.rows(
    `SELECT at, bytes, data FROM reseed_log JOIN reseed_jump_host ON reseed_jump_host.id = jump
     WHERE name = ? AND job = ? AND at >= ? AND length(data) <= ${mostOfPiece} ORDER BY at LIMIT ${logRowsAtOnce}`,
    ...[host, id, from],
  );
  let [next, left, text] = [from, 0, ''];
  for (const row of rows) {
    const [at, bytes] = [Number(row.at), Number(row.bytes)];
    if (!Number.isSafeInteger(at) || !Number.isSafeInteger(bytes) || bytes <= 0 || at < next) {
      throw new HistoryTrouble('a row of its log is damaged');
    }
    left += at - next;
    next = at + bytes;
    text += cleanText(String(row.data));
  }
  return { text, next, left };
}
