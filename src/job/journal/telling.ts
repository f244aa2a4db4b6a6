// What the journal has to tell to receivers of the inventory. Nothing is told by the process in which it happens: the state of a job, and of a
// run of a schedule, is itself the queue. The process that looks next makes an event of it, once, with a delivery for each receiver; so a runner that is
// killed loses nothing. A receiver is kept as it was when the job was agreed to; it holds no secret.
import type { DatabaseSync, SQLInputValue, SQLOutputValue } from 'node:sqlite';
import type { Json } from '../plan/plan.ts';
import type { Row } from './row-columns.ts';
import { inTransaction } from './transaction.ts';

export interface NewEvent {
  /** The same for the same thing, of whatever process. */
  readonly key: string;
  /** What it is about: the next event of a line says how that stands now. */
  readonly line: string;
  /** Equal in two events that say the same, but for their figures. */
  readonly what: string;
  /** What a receiver reads. Clean. */
  readonly message: Json;
}

export interface NewDelivery {
  readonly name: string;
  readonly receiver: Json;
  /** The same thing is not told again within that time. */
  readonly againMs: number;
}

/** `same`: it was told the same shortly before. `failed`: given up. */
const deliveryStates = ['waiting', 'sent', 'same', 'failed'] as const;
export type DeliveryState = (typeof deliveryStates)[number];

export interface Delivery {
  readonly id: number;
  /** The receiver's. */
  readonly name: string;
  readonly receiver: Json;
  readonly state: DeliveryState;
  readonly tries: number;
  /** Of one that waits: its next try. */
  readonly nextMs: number;
  /** Why the last try failed. Clean, without the receiver's URL. */
  readonly error?: string;
  readonly endedMs?: number;
  /** Of its event. */
  readonly key: string;
  readonly atMs: number;
  readonly message: Json;
}

export interface TellingStore {
  /** Jobs of which something may still be to tell. */
  jobs(): readonly { readonly job: number; readonly receivers: Json }[];
  /** Nothing more is to be told of it. */
  endJob(job: number): void;
  /** Whether there is an event of that key. */
  has(key: string): boolean;
  /** The newest event of a line. */
  lastOf(line: string): { readonly key: string; readonly what: string; readonly message: Json } | undefined;
  /** Whether a receiver has taken an event of that line whose key begins so. */
  isTaken(line: string, keyHead: string): boolean;
  /** False: it was there already, and nothing is written. */
  tell(event: NewEvent, deliveries: readonly NewDelivery[], nowMs: number): boolean;
  /** The first of each receiver, but of `without`, whose time has come. No other process gets them before `untilMs`, by which this one has to have written how they ended. */
  claim(nowMs: number, untilMs: number, limit: number, without: readonly string[]): readonly Delivery[];
  /** How a try ended. `nextMs`: it is to be tried again. */
  end(id: number, how: { readonly error?: string; readonly nextMs?: number }, nowMs: number): void;
  /** Whether a message about that job waits. */
  waitsOf(job: number): boolean;
  /** The newest first. */
  newest(limit: number): readonly Delivery[];
  /** The newest of each receiver whose last try failed, since then. */
  failing(sinceMs: number): readonly Delivery[];
  /** Removes old events, of which no delivery waits. */
  forget(beforeMs: number): void;
  /** How the call of the heartbeat of an inventory ended. */
  setHeartbeat(inventory: string, error: string | undefined, nowMs: number): void;
  heartbeat(inventory: string): { readonly calledMs: number; readonly error?: string } | undefined;
  together<T>(work: () => T): T;
}

/** Longer than any pause between two tries. One that is to wait longer was written before the clock was set back. */
const longestWaitMs = 5 * 3_600_000;

const columns =
  'd.id, d.name, d.receiver, d.state, d.tries, d.next_ms, d.error, d.ended_ms, e.key, e.at_ms, e.message FROM delivery d JOIN event e ON e.id = d.event';

export function tellingStore(database: DatabaseSync): TellingStore {
  const run = (sql: string, ...values: SQLInputValue[]) => database.prepare(sql).run(...values);
  const rows = (sql: string, ...values: SQLInputValue[]): Row[] => database.prepare(sql).all(...values);

  /** The last event of a line that a receiver was told, or is to be told, if it says the same and is young enough. */
  const wasTold = (id: number, { line, what }: NewEvent, { name, againMs }: NewDelivery, nowMs: number): boolean => {
    const [before] = rows('SELECT what FROM event WHERE line = ? AND id < ? ORDER BY id DESC LIMIT 1', line, id);
    if (before?.what !== what) return false;
    const told = `SELECT 1 FROM delivery d JOIN event e ON e.id = d.event
      WHERE e.line = ? AND e.what = ? AND d.name = ? AND d.state IN ('waiting', 'sent') AND e.at_ms > ? AND e.at_ms <= ? LIMIT 1`;
    return rows(told, line, what, name, nowMs - againMs, nowMs).length > 0;
  };

  return {
    jobs: () =>
      rows('SELECT job, receivers FROM telling WHERE is_over = 0 ORDER BY job').map((row) => ({
        job: Number(row.job),
        receivers: jsonOf(row.receivers),
      })),
    endJob: (job) => {
      run('UPDATE telling SET is_over = 1 WHERE job = ?', job);
    },
    has: (key) => rows('SELECT 1 FROM event WHERE key = ?', key).length > 0,
    lastOf: (line) => {
      const [row] = rows('SELECT key, what, message FROM event WHERE line = ? ORDER BY id DESC LIMIT 1', line);
      return row && { key: String(row.key), what: String(row.what), message: jsonOf(row.message) };
    },
    isTaken: (line, keyHead) =>
      rows(
        `SELECT 1 FROM delivery d JOIN event e ON e.id = d.event
         WHERE e.line = ?1 AND substr(e.key, 1, length(?2)) = ?2 AND d.state IN ('sent', 'same') LIMIT 1`,
        ...[line, keyHead],
      ).length > 0,
    tell: (event, deliveries, nowMs) => {
      const { changes, lastInsertRowid } = run(
        'INSERT OR IGNORE INTO event (key, line, what, at_ms, message) VALUES (?, ?, ?, ?, ?)',
        ...[event.key, event.line, event.what, nowMs, JSON.stringify(event.message)],
      );
      if (changes === 0) return false;
      const id = Number(lastInsertRowid);
      for (const delivery of deliveries) {
        const state = wasTold(id, event, delivery, nowMs) ? 'same' : 'waiting';
        run(
          'INSERT OR IGNORE INTO delivery (event, name, receiver, state, next_ms) VALUES (?, ?, ?, ?, ?)',
          ...[id, delivery.name, JSON.stringify(delivery.receiver), state, nowMs],
        );
      }
      return true;
    },
    claim: (nowMs, untilMs, limit, without) => {
      const due = `SELECT ${columns} WHERE d.id IN (SELECT min(id) FROM delivery WHERE state = 'waiting' AND (next_ms <= ?1 OR next_ms > ?1 + ?2)
        AND name NOT IN (SELECT value FROM json_each(?3)) GROUP BY name) ORDER BY d.id LIMIT ?4`;
      const look = () => rows(due, nowMs, longestWaitMs, JSON.stringify(without), limit).map(deliveryFrom);
      // A runner asks every few seconds, and mostly for nothing: that must not hold up those who write.
      if (look().length === 0) return [];
      return inTransaction(database, () => {
        const found = look();
        for (const { id } of found) run('UPDATE delivery SET tries = tries + 1, next_ms = ? WHERE id = ?', untilMs, id);
        return found.map((one) => ({ ...one, tries: one.tries + 1 }));
      });
    },
    end: (id, { error, nextMs }, nowMs) => {
      const state = error === undefined ? 'sent' : nextMs === undefined ? 'failed' : 'waiting';
      run(
        `UPDATE delivery SET state = ?, error = ?, next_ms = coalesce(?, next_ms), ended_ms = ? WHERE id = ? AND state = 'waiting'`,
        ...[state, error ?? null, nextMs ?? null, nowMs, id],
      );
    },
    waitsOf: (job) =>
      rows(
        `SELECT 1 FROM delivery d JOIN event e ON e.id = d.event
         WHERE d.state = 'waiting' AND json_extract(e.message, '$.job.id') = ? LIMIT 1`,
        job,
      ).length > 0,
    newest: (limit) => rows(`SELECT ${columns} ORDER BY d.id DESC LIMIT ?`, limit).map(deliveryFrom),
    failing: (sinceMs) =>
      rows(
        `SELECT ${columns} WHERE d.id IN (SELECT id FROM (SELECT id, name, error, ended_ms, row_number()
           OVER (PARTITION BY name ORDER BY ended_ms DESC, id DESC) AS place FROM delivery WHERE ended_ms IS NOT NULL)
           WHERE place = 1 AND error IS NOT NULL AND ended_ms >= ?) ORDER BY d.name`,
        sinceMs,
      ).map(deliveryFrom),
    forget: (beforeMs) => {
      run(
        `DELETE FROM event WHERE at_ms < ? AND id NOT IN (SELECT event FROM delivery WHERE state = 'waiting')`,
        beforeMs,
      );
    },
    setHeartbeat: (inventory, error, nowMs) => {
      run(
        'INSERT OR REPLACE INTO heartbeat (inventory, called_ms, error) VALUES (?, ?, ?)',
        ...[inventory, nowMs, error ?? null],
      );
    },
    heartbeat: (inventory) => {
      const [row] = rows('SELECT called_ms, error FROM heartbeat WHERE inventory = ?', inventory);
      return row && { calledMs: Number(row.called_ms), ...(row.error !== null && { error: String(row.error) }) };
    },
    together: (work) => inTransaction(database, work),
  };
}

function deliveryFrom(row: Row): Delivery {
  const { error, ended_ms: endedMs } = row;
  return {
    id: Number(row.id),
    name: String(row.name),
    receiver: jsonOf(row.receiver),
    state: deliveryStates.find((state) => state === row.state) ?? 'failed',
    tries: Number(row.tries),
    nextMs: Number(row.next_ms),
    ...(error !== null && { error: String(error) }),
    ...(endedMs !== null && { endedMs: Number(endedMs) }),
    key: String(row.key),
    atMs: Number(row.at_ms),
    message: jsonOf(row.message),
  };
}

/** null: a disk or an editor has damaged it. The sender gives such a delivery up, and tells so. */
function jsonOf(value: SQLOutputValue | undefined): Json {
  try {
    return JSON.parse(String(value));
  } catch {
    return null;
  }
}
