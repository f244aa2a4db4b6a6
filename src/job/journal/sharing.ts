// What a journal knows of the database in which several jump hosts share their jobs: which it is, which changes it has not got yet, since when
// it is away. The jobs themselves are this journal's, and nothing here waits for that database.
import type { DatabaseSync, SQLInputValue } from 'node:sqlite';
import { inTransaction } from './transaction.ts';

export interface Joined {
  /** This journal among those that share, 32 letters in hex. */
  readonly jump: string;
  /** The name of this jump host there: `jump1`, as in `jump1:4`. */
  readonly name: string;
  /** The settings of the inventory, in JSON. */
  readonly settings: string;
  /** The absolute path of that inventory. */
  readonly inventory: string;
}

export interface Away {
  readonly sinceMs: number;
  /** Clean words. */
  readonly why: string;
}

export interface Unsent {
  readonly job: number;
  /** Ids of the commands, and bytes of the log, that are there. */
  readonly command: number;
  readonly log: number;
  readonly isWaiting: boolean;
}

/** A row of a table, as it is in JSON. */
export type PlainRow = Readonly<Record<string, string | number | null>>;

/** A job's rows. `written`: what never changes. `seq`, `changes`: what they are the state of. */
export interface PlainRows {
  readonly seq: number;
  readonly changes: number;
  readonly written: PlainRow;
  readonly state: {
    readonly job: PlainRow;
    readonly steps: readonly PlainRow[];
    readonly resources: readonly PlainRow[];
    readonly lease: PlainRow | undefined;
  };
}

export interface Sharing {
  /** undefined: this journal is not shared. */
  joined(): Joined | undefined;
  /** From now on it is; the newest jobs that are there already are shared too. */
  join(joined: Joined, token: string): void;
  /** Notes one that is about to be written there. Returns all that may be there: the last ones, with it. */
  addToken(token: string): readonly string[];
  leave(): void;
  away(): Away | undefined;
  /** undefined: it answers. */
  setAway(away: Away | undefined): void;
  /** Changes that are to be sent. */
  waiting(): number;
  /** Jobs with something to be sent, and those that are not over, the oldest first. */
  unsent(): readonly Unsent[];
  /** undefined: there is no such job any more. Of one moment. */
  rowsOf(job: number): PlainRows | undefined;
  /** The next ones after `id`, in their order. */
  commandsAfter(job: number, id: number, limit: number): readonly { readonly id: number; readonly row: PlainRow }[];
  /** The state of that moment is there; what changed since waits. As `sentCommand` and `sentLog`, of another `jump` than now it is not noted. */
  sent(jump: string, job: number, state: Pick<PlainRows, 'seq' | 'changes'>): void;
  sentCommand(jump: string, job: number, id: number): void;
  sentLog(jump: string, job: number, bytes: number): void;
}

/** Of the jobs that were there before. */
const sharedAtJoin = 1000;
/** More than processes that write one at the same time. */
const keptTokens = 16;
const isOf = 'EXISTS (SELECT 1 FROM history WHERE jump = ?)';

export function sharingOf(database: DatabaseSync): Sharing {
  const run = (sql: string, ...values: SQLInputValue[]) => database.prepare(sql).run(...values);
  const rows = (sql: string, ...values: SQLInputValue[]): PlainRow[] =>
    database
      .prepare(sql)
      .all(...values)
      .map(plain);
  const joined = (): Joined | undefined => {
    const [row] = rows('SELECT jump, name, settings, inventory FROM history');
    return (
      row && {
        jump: String(row.jump),
        name: String(row.name),
        settings: String(row.settings),
        inventory: String(row.inventory),
      }
    );
  };
  const rowsNow = (id: number): PlainRows | undefined => {
    const [row] = rows('SELECT * FROM job WHERE id = ?', id);
    const [now] = rows('SELECT seq, changes FROM shared WHERE job = ?', id);
    if (!row || !now) return undefined;
    const { key = null, plan = null, frozen = null, targets = null, who = null, created_ms = null, ...job } = row;
    return {
      seq: Number(now.seq),
      changes: Number(now.changes),
      written: { key, plan, frozen, targets, who, created_ms },
      state: {
        job,
        steps: rows('SELECT * FROM step WHERE job = ? ORDER BY position', id),
        resources: rows('SELECT * FROM resource WHERE job = ? ORDER BY id', id),
        lease: rows('SELECT * FROM lease WHERE job = ?', id)[0],
      },
    };
  };
  return {
    joined,
    join: ({ jump, name, settings, inventory }, token) =>
      inTransaction(database, () => {
        const before = joined();
        // Another database, or the same under another identity, has nothing yet.
        if (before && before.jump !== jump) run('DELETE FROM shared');
        run(
          'INSERT OR REPLACE INTO history (one, jump, name, settings, inventory, tokens) VALUES (1, ?, ?, ?, ?, ?)',
          ...[jump, name, settings, inventory, token],
        );
        run(`INSERT OR IGNORE INTO shared (job) SELECT id FROM job ORDER BY id DESC LIMIT ${sharedAtJoin}`);
      }),
    addToken: (token) =>
      inTransaction(database, () => {
        const [row] = rows('SELECT tokens FROM history');
        const known = [...String(row?.tokens ?? '').split(' '), token].slice(-keptTokens);
        run('UPDATE history SET tokens = ?', known.join(' '));
        return known;
      }),
    leave: () =>
      inTransaction(database, () => {
        run('DELETE FROM history');
        run('DELETE FROM shared');
      }),
    away: () => {
      const [row] = rows('SELECT away_ms, why FROM history WHERE away_ms IS NOT NULL');
      return row && { sinceMs: Number(row.away_ms), why: String(row.why) };
    },
    setAway: (away) => {
      // Each write makes every console look anew.
      run(
        'UPDATE history SET away_ms = ?1, why = ?2 WHERE away_ms IS NOT ?1 OR why IS NOT ?2',
        ...[away?.sinceMs ?? null, away?.why ?? null],
      );
    },
    waiting: () => Number(rows('SELECT coalesce(sum(changes), 0) AS n FROM shared WHERE seq > sent')[0]?.n ?? 0),
    unsent: () =>
      rows(
        `SELECT shared.job, seq > sent AS waits, command, log FROM shared JOIN job ON job.id = shared.job
         WHERE seq > sent OR job.state IN ('planned', 'running', 'releasing') ORDER BY shared.job`,
      ).map(({ job, waits, command, log }) => ({
        job: Number(job),
        command: Number(command),
        log: Number(log),
        isWaiting: waits === 1,
      })),
    rowsOf: (id) => {
      // Only reads, so that no runner waits for it.
      database.exec('BEGIN');
      try {
        return rowsNow(id);
      } finally {
        database.exec('COMMIT');
      }
    },
    commandsAfter: (job, id, limit) =>
      rows('SELECT * FROM command WHERE job = ? AND id > ? ORDER BY id LIMIT ?', job, id, limit).map((row) => ({
        id: Number(row.id),
        row,
      })),
    sent: (jump, job, { seq, changes }) => {
      run(
        `UPDATE shared SET sent = ?, changes = max(0, changes - ?) WHERE job = ? AND ${isOf}`,
        ...[seq, changes, job, jump],
      );
    },
    sentCommand: (jump, job, id) => void run(`UPDATE shared SET command = ? WHERE job = ? AND ${isOf}`, id, job, jump),
    sentLog: (jump, job, bytes) => void run(`UPDATE shared SET log = ? WHERE job = ? AND ${isOf}`, bytes, job, jump),
  };
}

/** The tables have no blobs, and no number that JavaScript can't hold. */
const plain = (row: Record<string, unknown>): PlainRow =>
  Object.fromEntries(
    Object.entries(row).map(([name, value]) => [
      name,
      typeof value === 'string' || typeof value === 'number' ? value : null,
    ]),
  );
