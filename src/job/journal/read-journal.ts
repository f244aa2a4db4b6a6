// Reads the journal. Every value is checked: a disk or an editor may have damaged a row, and the other jobs must stay
// readable.

import type { DatabaseSync, SQLInputValue } from 'node:sqlite';
import { lostOf } from '../lanes.ts';
import type { Holder } from '../lease/lease.ts';
import type { OlderPlans } from '../plan/frozen.ts';
import type { Json } from '../plan/plan.ts';
import {
  type CommandRecord,
  isOver,
  type JobRecord,
  type JobState,
  jobStates,
  overStates,
  type StepSample,
  type StepState,
  stepStates,
} from './record.ts';
import {
  commandFrom,
  damagedFrom,
  type RowsOf,
  recordFrom,
  sampleFrom,
  unlessDamaged,
  type Written,
  writtenFrom,
} from './record-rows.ts';
import { type Row, rowReader } from './row-columns.ts';
import { type DamagedJob, RowDamage } from './row-damage.ts';
import { forms } from './row-forms.ts';

/** What reads one job throws a RowDamage; what reads several leaves damaged ones out. */
export interface JournalReader {
  job(id: number): JobRecord | undefined;
  /** Of the newest `limit` jobs: those of these kinds that are done, the newest first. Their plans alone are read. */
  doneOf(kinds: readonly string[], limit: number): JobRecord[];
  /** How many there are in each state. */
  counts(): ReadonlyMap<JobState, number>;
  /** In the order of the numbers. */
  jobsOf(ids: readonly number[]): JobRecord[];
  /** The newest first. */
  jobs(limit: number): JobRecord[];
  /** Their numbers alone, damaged ones too: a hundred times as fast. */
  newestIds(limit: number): number[];
  /** The numbers of jobs of that kind since then, the newest first. */
  idsOfKind(kind: string, sinceMs: number): number[];
  /** Those that rules of the inventory began, and that ended since then or are not over; the newest first. */
  jobsOfRules(sinceMs: number): JobRecord[];
  /** Jobs that this reader has found damaged, the newest first. */
  damaged(): readonly DamagedJob[];
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
  /** What a job ran, but for rows that are damaged: an abort, and a runner, go on without them. */
  commands(id: number): CommandRecord[];
  /** Damaged rows of its commands. */
  commandDamage(id: number): RowDamage[];
  /** How far its steps had come, by step and time, but for rows that are damaged. Two thousand a step at most. */
  samples(id: number): StepSample[];
  /** A script's text that was recorded with a job's plan, by its SHA-256 in hex. */
  script(sha256: string): string | undefined;
  abortRequested(id: number): boolean;
  /** How often the end of what runs after a failure was asked for. */
  endsRequested(id: number): number;
  leaseHolder(id: number): Holder | undefined;
}

/**
 * While a job is not over its plan is read only once: it is by far the largest part of its record, and never changes.
 * Every other record is read from the journal each time. `older` converts plans of an older format.
 */
export function journalReader(database: DatabaseSync, older: OlderPlans): JournalReader {
  const asked = new Map<string, ReturnType<DatabaseSync['prepare']>>();
  const rows = (sql: string, ...values: SQLInputValue[]): Row[] => {
    const statement = asked.get(sql) ?? database.prepare(sql);
    if (!asked.has(sql)) statement.setReadBigInts(true);
    asked.set(sql, statement);
    return statement.all(...values);
  };
  const known = new Map<number, Written>();
  const writtenOf = (id: number): Written => {
    const [row] = rows('SELECT id, key, plan, frozen, targets, who, created_ms FROM job WHERE id = ?', id);
    if (!row) throw new Error(`the journal has no job ${id}`);
    return writtenFrom(id, row, older);
  };
  const damaged = new Map<number, DamagedJob>();
  const recordOf = (id: number, of: RowsOf): JobRecord => {
    const written = known.get(id) ?? writtenOf(id);
    const job = recordFrom(written, of);
    if (isOver(job.state)) known.delete(id);
    else known.set(id, written);
    return job;
  };
  const rowsOf = (ids: readonly number[]) => {
    const list = JSON.stringify(ids);
    const steps = byJob(rows(`SELECT * FROM step WHERE job IN ${listed} ORDER BY job, position`, list));
    const resources = byJob(rows(`SELECT * FROM resource WHERE job IN ${listed} ORDER BY job, id`, list));
    const leases = byJob(rows(`SELECT * FROM lease WHERE job IN ${listed}`, list));
    const jobs = new Map(
      rows(`SELECT ${changing} FROM job WHERE id IN ${listed}`, list).map((row) => [Number(row.id), row]),
    );
    return ids.flatMap((id) => {
      const job = jobs.get(id);
      const of = { steps: steps.get(id) ?? [], resources: resources.get(id) ?? [], lease: leases.get(id)?.[0] };
      return job ? [{ id, of: { job, ...of } }] : [];
    });
  };
  /** undefined: it is damaged, and known as such. */
  const readable = (id: number, of: RowsOf): JobRecord | undefined => {
    try {
      const job = recordOf(id, of);
      damaged.delete(id);
      return job;
    } catch (error) {
      if (!(error instanceof RowDamage)) throw error;
      const [row = {}] = rows('SELECT key, plan, targets, created_ms FROM job WHERE id = ?', id);
      damaged.set(id, damagedFrom(id, { ...of.job, ...row }, of.lease, error));
      return undefined;
    }
  };
  /** The records in the order of the ids. */
  const records = (ids: readonly number[]): JobRecord[] => rowsOf(ids).flatMap(({ id, of }) => readable(id, of) ?? []);
  const idsOf = (found: readonly Row[]) => found.map(({ id }) => Number(id));

  const newestIds = (limit: number) => idsOf(rows('SELECT id FROM job ORDER BY id DESC LIMIT ?', limit));

  // A damaged state is of a job that may be open. By the index: a walk through the table would read all plans.
  const inStates = (which: 'IN' | 'NOT IN', states: readonly JobState[]) =>
    records(
      idsOf(
        rows(
          `SELECT id FROM job INDEXED BY job_state WHERE state ${which} ${listed} ORDER BY id DESC`,
          JSON.stringify(states),
        ),
      ),
    );

  const abortOf = (id: number) =>
    Number(rows('SELECT abort_requested FROM job WHERE id = ?', id)[0]?.abort_requested ?? 0);

  const commandsOf = (id: number): (CommandRecord | RowDamage)[] =>
    rows('SELECT * FROM command WHERE job = ? ORDER BY id', id).map((row) => {
      try {
        return commandFrom(id, row);
      } catch (error) {
        if (error instanceof RowDamage) return error;
        throw error;
      }
    });

  return {
    job: (id) => {
      const [found] = rowsOf([id]);
      const job = found && readable(id, found.of);
      const { damage } = (found && !job && damaged.get(id)) || {};
      if (damage) throw damage;
      return job;
    },
    damaged: () => [...damaged.values()].toSorted((one, other) => other.id - one.id),
    doneOf: (kinds, limit) =>
      records(
        idsOf(
          rows(
            `SELECT id FROM (SELECT id, plan FROM job WHERE state = 'done' ORDER BY id DESC LIMIT ?)
             WHERE json_valid(plan) AND json_extract(plan, '$.kind') IN ${listed} ORDER BY id DESC`,
            limit,
            JSON.stringify(kinds),
          ),
        ),
      ),
    counts: () =>
      new Map(
        rows('SELECT state, count(*) AS count FROM job GROUP BY state').flatMap(({ state, count }) => {
          const known = jobStates.find((one) => one === state);
          return known === undefined ? [] : [[known, Number(count)] as const];
        }),
      ),
    jobsOf: records,
    jobs: (limit) => records(newestIds(limit)),
    newestIds,
    idsOfKind: (kind, sinceMs) =>
      idsOf(
        rows(
          `SELECT id FROM job WHERE created_ms >= ? AND CASE WHEN json_valid(plan) THEN json_extract(plan, '$.kind') END = ? ORDER BY id DESC`,
          sinceMs,
          kind,
        ),
      ),
    jobsOfRules: (sinceMs) =>
      records(
        idsOf(
          rows(
            `SELECT id FROM job WHERE (ended_ms IS NULL OR ended_ms >= ?)
             AND CASE WHEN json_valid(who) THEN json_extract(who, '$.rule') END IS NOT NULL ORDER BY id DESC`,
            sinceMs,
          ),
        ),
      ),
    openJobs: () => inStates('NOT IN', overStates),
    uncleanJobs: () => inStates('IN', ['cleanup-needed']),
    stepStates: (id) =>
      new Map(
        rows('SELECT name, state FROM step WHERE job = ? ORDER BY position', id)
          .map((row) => rowReader(row, id, 'step'))
          .map((row) => [row.text('name'), row.oneOf('state', stepStates)] as const),
      ),
    stepResult: (id, step) => {
      const [row] = rows('SELECT result FROM step WHERE job = ? AND name = ? AND result IS NOT NULL', id, step);
      return row && rowReader(row, id, 'step').json<Json>('result', forms.result);
    },
    lostLanes: (id) =>
      lostOf(
        rows('SELECT lost FROM step WHERE job = ? AND lost IS NOT NULL ORDER BY position', id).map((row) =>
          rowReader(row, id, 'step').json<Readonly<Record<string, string>>>('lost', forms.lost),
        ),
      ),
    commands: (id) => commandsOf(id).filter((one): one is CommandRecord => !(one instanceof RowDamage)),
    commandDamage: (id) => commandsOf(id).filter((one) => one instanceof RowDamage),
    samples: (id) =>
      rows('SELECT * FROM sample WHERE job = ? ORDER BY step, at_ms', id).flatMap(
        (row) => unlessDamaged(() => sampleFrom(id, row)) ?? [],
      ),
    script: (sha256) => {
      const [row] = rows('SELECT text FROM script WHERE sha256 = ?', sha256);
      return row && String(row.text);
    },
    abortRequested: (id) => abortOf(id) % 2 === 1,
    endsRequested: (id) => Math.floor(abortOf(id) / 2),
    leaseHolder: (id) => {
      const [row] = rows('SELECT holder FROM lease WHERE job = ?', id);
      return row && rowReader(row, id, 'lease').json<Holder>('holder', forms.holder);
    },
  };
}

const listed = '(SELECT value FROM json_each(?))';
/** The columns of a job's row that change after its plan was written. */
const changing = 'id, state, started_ms, ended_ms, idle_ms, abort_requested, error, runner';

function byJob(rows: readonly Row[]): ReadonlyMap<number, readonly Row[]> {
  return Map.groupBy(rows, ({ job }) => Number(job));
}
