// What the journal has of schedules: until when the times of each were looked at, whether an operator has switched it off, and its runs. A run
// is one job that a schedule is to begin: it waits, and then there is a job, or a reason why there is none. The schedules themselves are in
// the inventory; each is known by the inventory's path and its name.
import type { DatabaseSync, SQLInputValue } from 'node:sqlite';
import type { Row } from './row-columns.ts';
import { inTransaction } from './transaction.ts';

/**
 * `begun`: there is a job. `refused`: a check, or what it was not allowed. `failed`: a host's answer was of no use. `missed`: too late. `nothing`:
 * there was nothing to do. `elsewhere`: another jump host has that time. `dropped`: the inventory does not have it any more, or an operator has switched it off.
 */
const runStates = ['waiting', 'begun', 'refused', 'failed', 'missed', 'nothing', 'elsewhere', 'dropped'] as const;
export type RunState = (typeof runStates)[number];

export interface ScheduledRun {
  readonly id: number;
  readonly schedule: string;
  /** The host of the job; of a seed all targets. */
  readonly hosts: readonly string[];
  /** What the inventory asked for when it was added (requestOf). */
  readonly request: string;
  readonly dueMs: number;
  readonly queuedMs: number;
  /** How many times of the schedule were missed right before this one, or passed while it waited. */
  readonly missed: number;
  /** Who began it by hand; absent: its time came. */
  readonly byHand?: string;
  readonly state: RunState;
  /** Why it waits, or why there is no job. Clean. */
  readonly reason?: string;
  /** How often its hosts were not reached, and when that was last. */
  readonly away?: { readonly tries: number; readonly lastMs: number };
  readonly decidedMs?: number;
  /** Of the job that was about to be recorded. */
  readonly key?: string;
  readonly job?: number;
}

export interface ScheduleState {
  readonly name: string;
  /** Times until then were looked at. */
  readonly checkedMs: number;
  readonly off?: { readonly sinceMs: number; readonly by: string };
}

export type NewRun = Pick<ScheduledRun, 'schedule' | 'hosts' | 'request' | 'dueMs' | 'missed' | 'byHand'>;

export interface Settled {
  readonly name: string;
  readonly checkedMs: number;
  readonly runs: readonly NewRun[];
  /** Runs that still wait: the newest time that passed meanwhile is theirs from now on, and how many came before it. */
  readonly passed: readonly { readonly id: number; readonly dueMs: number; readonly times: number }[];
}

export interface ScheduleStore {
  /** All whose schedules were looked at or switched. */
  inventories(): readonly string[];
  states(inventory: string): ReadonlyMap<string, ScheduleState>;
  /** The one that waits longest first. */
  waiting(inventory: string): ScheduledRun[];
  /** Those that wait, and of each schedule and its hosts the newest that was decided: its job may run while a later time waits. */
  newest(inventory: string): ScheduledRun[];
  /** Of one schedule, the newest first. */
  history(inventory: string, name: string, limit: number): ScheduledRun[];
  /** Those that are decided, and of which nothing was told yet. */
  untold(inventory: string): ScheduledRun[];
  setTold(id: number): void;
  /** All together, or nothing of it. */
  settle(inventory: string, settled: readonly Settled[], nowMs: number): void;
  /** Returns its number. */
  add(inventory: string, run: NewRun, nowMs: number): number;
  /** Before the job of that key is recorded. */
  setKey(id: number, key: string): void;
  /** That job was never begun. */
  forgetKey(id: number): void;
  wait(id: number, reason: string): void;
  /** The same, where its hosts were not reached. */
  waitForHosts(id: number, reason: string, nowMs: number): void;
  decide(id: number, end: { state: RunState; reason?: string; job?: number }, nowMs: number): void;
  switch(inventory: string, name: string, off: string | undefined, nowMs: number): void;
  jobWithKey(key: string): number | undefined;
  /** Of the run that began the job of that key; undefined: it is kept no more. */
  inventoryOf(key: string): string | undefined;
}

/** Of each schedule; the jobs themselves stay. */
const keptRuns = 200;

export function scheduleStore(database: DatabaseSync): ScheduleStore {
  const run = (sql: string, ...values: SQLInputValue[]) => database.prepare(sql).run(...values);
  const rows = (sql: string, ...values: SQLInputValue[]): Row[] => database.prepare(sql).all(...values);
  const add = (
    inventory: string,
    { schedule, hosts, request, dueMs, missed, byHand }: NewRun,
    nowMs: number,
  ): number => {
    const { lastInsertRowid } = run(
      `INSERT INTO scheduled (inventory, schedule, hosts, request, due_ms, queued_ms, missed, by_hand, state, told)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'waiting', 0)`,
      ...[inventory, schedule, hosts.join('\n'), request, dueMs, nowMs, missed, byHand ?? null],
    );
    run(
      `DELETE FROM scheduled WHERE inventory = ?1 AND schedule = ?2 AND state <> 'waiting' AND id <=
         (SELECT id FROM scheduled WHERE inventory = ?1 AND schedule = ?2 ORDER BY id DESC LIMIT 1 OFFSET ${keptRuns})`,
      ...[inventory, schedule],
    );
    return Number(lastInsertRowid);
  };
  return {
    inventories: () => rows('SELECT DISTINCT inventory FROM schedule').map((row) => String(row.inventory)),
    states: (inventory) =>
      new Map(
        rows('SELECT * FROM schedule WHERE inventory = ?', inventory)
          .map(stateFrom)
          .map((one) => [one.name, one]),
      ),
    waiting: (inventory) =>
      rows(
        `SELECT * FROM scheduled WHERE inventory = ? AND state = 'waiting' ORDER BY queued_ms, due_ms, id`,
        inventory,
      ).map(runFrom),
    newest: (inventory) =>
      rows(
        `SELECT * FROM scheduled WHERE inventory = ?1 AND (state = 'waiting' OR id IN
           (SELECT max(id) FROM scheduled WHERE inventory = ?1 AND state <> 'waiting' GROUP BY schedule, hosts)) ORDER BY id DESC`,
        inventory,
      ).map(runFrom),
    history: (inventory, name, limit) =>
      rows(
        'SELECT * FROM scheduled WHERE inventory = ? AND schedule = ? ORDER BY id DESC LIMIT ?',
        inventory,
        name,
        limit,
      ).map(runFrom),
    untold: (inventory) =>
      rows(
        `SELECT * FROM scheduled WHERE told = 0 AND state <> 'waiting' AND inventory = ? ORDER BY id`,
        inventory,
      ).map(runFrom),
    setTold: (id) => {
      run('UPDATE scheduled SET told = 1 WHERE id = ?', id);
    },
    settle: (inventory, settled, nowMs) =>
      inTransaction(database, () => {
        for (const { name, checkedMs, runs, passed } of settled) {
          run(
            `INSERT INTO schedule (inventory, name, checked_ms) VALUES (?, ?, ?)
             ON CONFLICT (inventory, name) DO UPDATE SET checked_ms = excluded.checked_ms`,
            ...[inventory, name, checkedMs],
          );
          for (const one of runs) add(inventory, one, nowMs);
          // One that was begun by hand is that of its time now: an operator who ends his own takes no time back.
          for (const { id, dueMs, times } of passed)
            run('UPDATE scheduled SET missed = missed + ?, due_ms = ?, by_hand = NULL WHERE id = ?', times, dueMs, id);
        }
      }),
    add: (inventory, one, nowMs) => inTransaction(database, () => add(inventory, one, nowMs)),
    setKey: (id, key) => {
      run('UPDATE scheduled SET key = ? WHERE id = ?', key, id);
    },
    forgetKey: (id) => {
      run('UPDATE scheduled SET key = NULL WHERE id = ?', id);
    },
    wait: (id, reason) => {
      run('UPDATE scheduled SET reason = ? WHERE id = ? AND reason IS NOT ?', reason, id, reason);
    },
    waitForHosts: (id, reason, nowMs) => {
      run('UPDATE scheduled SET reason = ?, tries = tries + 1, tried_ms = ? WHERE id = ?', reason, nowMs, id);
    },
    decide: (id, { state, reason, job }, nowMs) => {
      run(
        `UPDATE scheduled SET state = ?, reason = ?, job = ?, decided_ms = ? WHERE id = ? AND state = 'waiting'`,
        ...[state, reason ?? null, job ?? null, nowMs, id],
      );
    },
    switch: (inventory, name, off, nowMs) => {
      // Times that passed while it was off were not missed.
      run(
        `INSERT INTO schedule (inventory, name, checked_ms, off_ms, off_by) VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT (inventory, name) DO UPDATE SET checked_ms = ?3, off_ms = ?4, off_by = ?5`,
        ...[inventory, name, nowMs, off === undefined ? null : nowMs, off ?? null],
      );
    },
    inventoryOf: (key) => {
      const [row] = rows('SELECT inventory FROM scheduled WHERE key = ?', key);
      return row && String(row.inventory);
    },
    jobWithKey: (key) => {
      const [row] = rows('SELECT id FROM job WHERE key = ?', key);
      return row && Number(row.id);
    },
  };
}

function stateFrom(row: Row): ScheduleState {
  const off = row.off_ms === null ? undefined : { sinceMs: Number(row.off_ms), by: String(row.off_by) };
  return { name: String(row.name), checkedMs: Number(row.checked_ms), ...(off && { off }) };
}

/** The tables are STRICT, and no text in them has a form that could be damaged; a state of no meaning is of a run that is over. */
function runFrom(row: Row): ScheduledRun {
  const text = (column: string) => (row[column] === null ? undefined : String(row[column]));
  const number = (column: string) => (row[column] === null ? undefined : Number(row[column]));
  const [byHand, reason, key] = [text('by_hand'), text('reason'), text('key')];
  const [decidedMs, job, triedMs] = [number('decided_ms'), number('job'), number('tried_ms')];
  return {
    id: Number(row.id),
    schedule: String(row.schedule),
    hosts: String(row.hosts).split('\n'),
    request: String(row.request),
    dueMs: Number(row.due_ms),
    queuedMs: Number(row.queued_ms),
    missed: Number(row.missed),
    ...(byHand !== undefined && { byHand }),
    state: runStates.find((state) => state === row.state) ?? 'failed',
    ...(reason !== undefined && { reason }),
    ...(triedMs !== undefined && { away: { tries: Number(row.tries), lastMs: triedMs } }),
    ...(decidedMs !== undefined && { decidedMs }),
    ...(key !== undefined && { key }),
    ...(job !== undefined && { job }),
  };
}
