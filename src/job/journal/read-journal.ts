// Rows of the journal -> records. journal.ts wrote the text in them, and the schema's version was checked.

import type { DatabaseSync, SQLInputValue, SQLOutputValue } from 'node:sqlite';
import { lostOf } from '../lanes.ts';
import type { Holder, Lease } from '../lease/lease.ts';
import { type Frozen, type OlderPlans, planNow } from '../plan/frozen.ts';
import { isOwed } from '../plan/owed.ts';
import type { Json, Plan } from '../plan/plan.ts';
import {
  type CommandRecord,
  isOver,
  type JobRecord,
  type JobState,
  openStates,
  type ResourceRecord,
  type StepProgress,
  type StepRecord,
  type StepState,
} from './record.ts';

export interface JournalReader {
  job(id: number): JobRecord | undefined;
  /** The newest first. */
  jobs(limit: number): JobRecord[];
  /** Unfinished jobs, the newest first: one may be older than any number of newer ones. */
  openJobs(): JobRecord[];
  /** Jobs that ended `cleanup-needed`, the newest first. */
  uncleanJobs(): JobRecord[];
  /** By step name, in the order of the plan. */
  stepStates(id: number): ReadonlyMap<string, StepState>;
  /** The result of a step. */
  stepResult(id: number, step: string): Json | undefined;
  /** Every failed lane, with the reason. */
  lostLanes(id: number): Readonly<Record<string, string>>;
  commands(id: number): CommandRecord[];
  /** A script's text that was recorded with a job's plan, by its SHA-256 in hex. */
  script(sha256: string): string | undefined;
  abortRequested(id: number): boolean;
  leaseHolder(id: number): Holder | undefined;
}

type Row = Record<string, SQLOutputValue>;

/** Written once, with the job. */
type Written = Pick<JobRecord, 'id' | 'key' | 'plan' | 'frozen' | 'targets' | 'who' | 'createdMs'>;

/**
 * While a job is not over its plan is read only once: it is by far the largest part of its record, and never changes.
 * Every other record is read from the journal each time. `older` converts plans of an older format.
 */
export function journalReader(database: DatabaseSync, older: OlderPlans): JournalReader {
  const asked = new Map<string, ReturnType<DatabaseSync['prepare']>>();
  const rows = (sql: string, ...values: SQLInputValue[]): Row[] => {
    const statement = asked.get(sql) ?? database.prepare(sql);
    asked.set(sql, statement);
    return statement.all(...values);
  };
  const known = new Map<number, Written>();
  const writtenOf = (id: number): Written => {
    const [row] = rows('SELECT id, key, plan, frozen, targets, who, created_ms FROM job WHERE id = ?', id);
    if (!row) throw new Error(`the journal has no job ${id}`);
    return writtenFrom(row, older);
  };
  const recordOf = (row: Row, steps: readonly Row[], resources: readonly Row[], lease: Row | undefined): JobRecord => {
    const id = Number(row.id);
    const state = String(row.state) as JobState;
    const written = known.get(id) ?? writtenOf(id);
    if (isOver(state)) known.delete(id);
    else known.set(id, written);
    return {
      ...written,
      state,
      ...times(row),
      abortRequested: row.abort_requested === 1,
      ...(row.error !== null && { error: String(row.error) }),
      ...runnerOf(row, lease && leaseFrom(lease)),
      steps: steps.map((step) => stepFrom(step, isOver(state))),
      resources: resources.map((resource) => resourceFrom(resource, written.plan)),
    };
  };
  /** The records in the order of the ids. */
  const records = (ids: readonly number[]): JobRecord[] => {
    const list = JSON.stringify(ids);
    const steps = byJob(rows(`SELECT * FROM step WHERE job IN ${listed} ORDER BY job, position`, list));
    const resources = byJob(rows(`SELECT * FROM resource WHERE job IN ${listed} ORDER BY job, id`, list));
    const leases = byJob(rows(`SELECT * FROM lease WHERE job IN ${listed}`, list));
    const jobs = new Map(
      rows(`SELECT ${changing} FROM job WHERE id IN ${listed}`, list).map((row) => [Number(row.id), row]),
    );
    return ids.flatMap((id) => {
      const row = jobs.get(id);
      return row ? recordOf(row, steps.get(id) ?? [], resources.get(id) ?? [], leases.get(id)?.[0]) : [];
    });
  };
  const idsOf = (found: readonly Row[]) => found.map(({ id }) => Number(id));

  const inStates = (states: readonly JobState[]) =>
    records(idsOf(rows(`SELECT id FROM job WHERE state IN ${listed} ORDER BY id DESC`, JSON.stringify(states))));

  return {
    job: (id) => records([id])[0],
    jobs: (limit) => records(idsOf(rows('SELECT id FROM job ORDER BY id DESC LIMIT ?', limit))),
    openJobs: () => inStates(openStates),
    uncleanJobs: () => inStates(['cleanup-needed']),
    stepStates: (id) =>
      new Map(
        rows('SELECT name, state FROM step WHERE job = ? ORDER BY position', id).map(
          ({ name, state }) => [String(name), String(state) as StepState] as const,
        ),
      ),
    stepResult: (id, step) => {
      const [row] = rows('SELECT result FROM step WHERE job = ? AND name = ? AND result IS NOT NULL', id, step);
      return row && json(row.result);
    },
    lostLanes: (id) =>
      lostOf(
        rows('SELECT lost FROM step WHERE job = ? AND lost IS NOT NULL ORDER BY position', id).map(({ lost }) =>
          json(lost),
        ),
      ),
    commands: (id) => rows('SELECT * FROM command WHERE job = ? ORDER BY id', id).map(commandFrom),
    script: (sha256) => {
      const [row] = rows('SELECT text FROM script WHERE sha256 = ?', sha256);
      return row && String(row.text);
    },
    abortRequested: (id) => rows('SELECT abort_requested FROM job WHERE id = ?', id)[0]?.abort_requested === 1,
    leaseHolder: (id) => {
      const [row] = rows('SELECT holder FROM lease WHERE job = ?', id);
      return row && json(row.holder);
    },
  };
}

const listed = '(SELECT value FROM json_each(?))';
/** The columns of a job's row that change after its plan was written. */
const changing = 'id, state, started_ms, ended_ms, abort_requested, error, runner';

function byJob(rows: readonly Row[]): ReadonlyMap<number, readonly Row[]> {
  return Map.groupBy(rows, ({ job }) => Number(job));
}

function writtenFrom(row: Row, older: OlderPlans): Written {
  const frozen = row.frozen === null ? undefined : json<Frozen>(row.frozen);
  return {
    id: Number(row.id),
    key: String(row.key),
    plan: planNow(json(row.plan), frozen, older),
    ...(frozen && { frozen }),
    targets: json(row.targets),
    who: json(row.who),
    createdMs: Number(row.created_ms),
  };
}

function leaseFrom(row: Row): Lease {
  return {
    holder: json(row.holder),
    renewedMs: Number(row.renewed_ms),
    renewals: Number(row.renewals),
    ended: row.ended === 1,
  };
}

function runnerOf({ runner }: Row, lease: Lease | undefined): Pick<JobRecord, 'lease' | 'runner'> {
  if (!lease) return runner === null ? {} : { runner: json(runner) };
  const { process } = lease.holder;
  return { lease, ...(process && { runner: process }) };
}

function stepFrom(row: Row, over: boolean): StepRecord {
  return {
    name: String(row.name),
    state: String(row.state) as StepRecord['state'],
    ...times(row),
    ...(row.spent_ms !== null && { spentMs: Number(row.spent_ms) }),
    ...(row.told_ms !== null && { toldMs: Number(row.told_ms) }),
    ...(row.result !== null && { result: json(row.result) }),
    ...(row.lost !== null && { lost: json(row.lost) }),
    ...(row.progress !== null && { progress: progressFrom(row, over) }),
  };
}

/** `over`: no host is retried any more, even if the last runner could not record that. */
function progressFrom({ progress }: Row, over: boolean): StepProgress {
  const told = json<StepProgress>(progress);
  if (!over) return told;
  const { away: _, ...rest } = told;
  return rest;
}

function resourceFrom(row: Row, { steps }: Plan): ResourceRecord {
  const step = String(row.step);
  const acquires = steps.find(({ name }) => name === step)?.acquires;
  return {
    step,
    what: String(row.what),
    state: String(row.state) as ResourceRecord['state'],
    ...(acquires && isOwed(acquires) && { isOwed: true }),
  };
}

function commandFrom(row: Row): CommandRecord {
  return {
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
  };
}

const times = ({ started_ms: started, ended_ms: ended }: Row) => ({
  ...(started !== null && { startedMs: Number(started) }),
  ...(ended !== null && { endedMs: Number(ended) }),
});

const json = <T>(text: SQLOutputValue | undefined): T => JSON.parse(String(text)) as T;
