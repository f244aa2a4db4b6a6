// One connection to the shared database. Each statement has a deadline: one that a server does not answer ends the connection, and nothing
// here waits for longer. The answer's text is hostile until rows.ts has read it.
import { readFileSync } from 'node:fs';
import mysql from 'mysql2/promise';
import type { HistorySettings } from '../inventory/settings.ts';
import { accountIn } from '../seed/replica/source/account.ts';
import { tablesVersion } from './tables.ts';
import { HistoryTrouble, troubleFrom } from './trouble.ts';

export type Value = string | number | null;
export type AnswerRow = Readonly<Record<string, unknown>>;

/** Every method throws a HistoryTrouble. */
export interface HistoryDatabase {
  rows(sql: string, ...values: readonly Value[]): Promise<readonly AnswerRow[]>;
  /** Returns how many rows were written: of an INSERT that becomes an UPDATE, two. */
  write(sql: string, ...values: readonly Value[]): Promise<number>;
  /** Without values: what no prepared statement takes. */
  define(sql: string): Promise<void>;
  close(): void;
}

export interface Patience {
  /** For each statement. */
  readonly mostMs: number;
  /** For all of them, from now on; left out: without end. */
  readonly allMs?: number;
}

/** Its tables are not looked at. Throws a HistoryTrouble. */
export async function connect(
  settings: HistorySettings,
  patience: Patience = { mostMs: 5000 },
): Promise<HistoryDatabase> {
  const { mostMs, allMs } = patience;
  const beganMs = performance.now();
  const read = accountIn(settings.account);
  if (!read.ok) throw new HistoryTrouble(read.message, read.advice);
  const { host, port, database, socket } = settings;
  const opening = mysql.createConnection({
    ...(socket === undefined ? { host, port } : { socketPath: socket }),
    ...{ database, user: read.account.user, password: read.account.password },
    ...tlsOf(settings),
    connectTimeout: mostMs,
    charset: 'utf8mb4',
    // No code is made from what a server says, and no file of this machine is sent to it.
    disableEval: true,
    flags: ['-LOCAL_FILES'],
    supportBigNumbers: true,
    dateStrings: true,
  });
  // One that comes after the deadline is closed.
  let isLate = false;
  opening.then((late) => isLate && late.destroy()).catch(() => undefined);
  const connection = await within(opening, mostMs, () => {
    isLate = true;
  });
  const ask = async <T>(asking: Promise<T>): Promise<T> => {
    const leftMs = allMs === undefined ? mostMs : Math.min(mostMs, beganMs + allMs - performance.now());
    return await within(asking, Math.max(leftMs, 1), () => connection.destroy());
  };
  connection.on('error', () => connection.destroy());
  const define = async (sql: string) => void (await ask(connection.query(sql)));
  try {
    await define(session);
  } catch (error) {
    connection.destroy();
    throw error;
  }
  return {
    rows: async (sql, ...values) => {
      const [rows] = await ask(connection.execute(sql, [...values]));
      return Array.isArray(rows) ? (rows as AnswerRow[]) : [];
    },
    write: async (sql, ...values) => {
      const [end] = await ask(connection.execute(sql, [...values]));
      return 'affectedRows' in end ? Number(end.affectedRows) : 0;
    },
    define,
    close: () => connection.destroy(),
  };
}

/** Whatever the server is set to: a text that does not fit is an error, times are UTC, no lock is waited for. */
const session = `SET SESSION sql_mode = 'STRICT_ALL_TABLES', time_zone = '+00:00', lock_wait_timeout = 3, innodb_lock_wait_timeout = 3,
  autocommit = 1`;

function tlsOf({ tls }: HistorySettings) {
  if (tls === false) return {};
  if (tls === true) return { ssl: { rejectUnauthorized: true, verifyIdentity: true } };
  try {
    return { ssl: { ca: readFileSync(tls.authority, 'utf8'), rejectUnauthorized: true } };
  } catch (error) {
    throw new HistoryTrouble(`the authority of its certificate can't be read: ${String(error)}`);
  }
}

async function within<T>(asking: Promise<T>, mostMs: number, late: () => void): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise<never>((_, refuse) => {
    timer = setTimeout(() => {
      late();
      refuse(new HistoryTrouble(`it did not answer within ${Math.ceil(mostMs / 1000)} s`));
    }, mostMs);
  });
  try {
    return await Promise.race([asking, over]);
  } catch (error) {
    throw troubleFrom(error);
  } finally {
    clearTimeout(timer);
  }
}

/** 0: it has no tables of reseed. Throws a HistoryTrouble. */
export async function versionThere(database: HistoryDatabase): Promise<number> {
  const [there] = await database.rows(
    `SELECT count(*) AS n FROM information_schema.tables WHERE table_schema = database() AND table_name = 'reseed_history'`,
  );
  if (Number(there?.n) === 0) return 0;
  const [row] = await database.rows('SELECT version FROM reseed_history');
  const version = Number(row?.version ?? 0);
  if (!Number.isSafeInteger(version)) throw new HistoryTrouble('its tables tell no version');
  return version;
}

/** The same, of tables that this build reads and writes. Throws a HistoryTrouble. */
export async function openHistory(settings: HistorySettings, patience?: Patience): Promise<HistoryDatabase> {
  const database = await connect(settings, patience);
  try {
    const version = await versionThere(database);
    if (version === tablesVersion) return database;
    throw wrongVersion(version);
  } catch (error) {
    database.close();
    throw error;
  }
}

export function wrongVersion(version: number): HistoryTrouble {
  if (version === 0) return new HistoryTrouble('it has no tables of reseed', 'reseed history join makes them');
  return version < tablesVersion
    ? new HistoryTrouble(
        `its tables are of an older reseed (version ${version}; this one has ${tablesVersion})`,
        'reseed history join changes them',
      )
    : new HistoryTrouble(
        `its tables are of a newer reseed (version ${version}; this one has ${tablesVersion})`,
        'use that one',
      );
}
