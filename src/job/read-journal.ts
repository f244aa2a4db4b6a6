// Rows of the journal -> records. The text in them was written by journal.ts, and the schema's version is checked.
import type { DatabaseSync, SQLOutputValue } from 'node:sqlite';
import {
  type CommandRecord,
  type JobRecord,
  type JobState,
  overStates,
  type ResourceRecord,
  type StepRecord,
} from './record.ts';

type Row = Record<string, SQLOutputValue>;

export function readJob(database: DatabaseSync, id: number): JobRecord | undefined {
  const row = database.prepare('SELECT * FROM job WHERE id = ?').get(id);
  return row && jobFrom(database, row);
}

/** The newest first. */
export function readJobs(database: DatabaseSync, limit: number): JobRecord[] {
  const rows = database.prepare('SELECT * FROM job ORDER BY id DESC LIMIT ?').all(limit);
  return rows.map((row) => jobFrom(database, row));
}

/** The newest first, however old they are. */
export function readOpenJobs(database: DatabaseSync): JobRecord[] {
  const rows = database
    .prepare('SELECT * FROM job WHERE state NOT IN (SELECT value FROM json_each(?)) ORDER BY id DESC')
    .all(JSON.stringify(overStates));
  return rows.map((row) => jobFrom(database, row));
}

export function readCommands(database: DatabaseSync, id: number): CommandRecord[] {
  return database
    .prepare('SELECT * FROM command WHERE job = ? ORDER BY id')
    .all(id)
    .map((row) => ({
      step: String(row.step),
      key: String(row.key),
      host: String(row.host),
      script: String(row.script),
      scriptSha256: String(row.script_sha256),
      args: json(row.args),
      startedMs: Number(row.started_ms),
      tookMs: Number(row.took_ms),
      ...(row.code !== null && { code: Number(row.code) }),
      said: String(row.said),
    }));
}

/** The text of a script that a job has; undefined: no job has one of that digest. */
export function readText(database: DatabaseSync, sha256: string): string | undefined {
  const row = database.prepare('SELECT text FROM script WHERE sha256 = ?').get(sha256);
  return row && String(row.text);
}

function jobFrom(database: DatabaseSync, row: Row): JobRecord {
  const id = Number(row.id);
  return {
    id,
    key: String(row.key),
    plan: json(row.plan),
    ...(row.frozen !== null && { frozen: json(row.frozen) }),
    targets: json(row.targets),
    state: String(row.state) as JobState,
    who: json(row.who),
    createdMs: Number(row.created_ms),
    ...times(row),
    abortRequested: row.abort_requested === 1,
    ...(row.error !== null && { error: String(row.error) }),
    ...(row.runner !== null && { runner: json(row.runner) }),
    steps: database.prepare('SELECT * FROM step WHERE job = ? ORDER BY position').all(id).map(stepFrom),
    resources: database.prepare('SELECT * FROM resource WHERE job = ? ORDER BY id').all(id).map(resourceFrom),
  };
}

function stepFrom(row: Row): StepRecord {
  return {
    name: String(row.name),
    state: String(row.state) as StepRecord['state'],
    ...times(row),
    ...(row.spent_ms !== null && { spentMs: Number(row.spent_ms) }),
    ...(row.told_ms !== null && { toldMs: Number(row.told_ms) }),
    ...(row.result !== null && { result: json(row.result) }),
    ...(row.lost !== null && { lost: json(row.lost) }),
    ...(row.progress !== null && { progress: json(row.progress) }),
  };
}

function resourceFrom(row: Row): ResourceRecord {
  return { step: String(row.step), what: String(row.what), state: String(row.state) as ResourceRecord['state'] };
}

const times = ({ started_ms: started, ended_ms: ended }: Row) => ({
  ...(started !== null && { startedMs: Number(started) }),
  ...(ended !== null && { endedMs: Number(ended) }),
});

const json = <T>(text: SQLOutputValue | undefined): T => JSON.parse(String(text)) as T;
