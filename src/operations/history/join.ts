// This account's journal begins to share its jobs: the tables of the database are made, or brought to this build, and the jump host gets its
// name there.
import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import { connect, type HistoryDatabase, versionThere, wrongVersion } from '../../history/connection.ts';
import { keyIn } from '../../history/seal.ts';
import { statementsFrom, tablesVersion } from '../../history/tables.ts';
import { HistoryTrouble } from '../../history/trouble.ts';
import { claimName } from '../../history/write.ts';
import type { HistorySettings } from '../../inventory/settings.ts';
import { version } from '../../version.ts';
import type { JobStore } from '../jobs/job-store.ts';
import { given, type Result, refused } from '../result.ts';
import { settingsOf, storeText } from './joined.ts';

export interface JoinedNow {
  readonly name: string;
  readonly store: string;
  /** The version of the tables before; 0: they were made. */
  readonly tablesBefore: number;
}

export interface Joining {
  readonly settings: HistorySettings;
  /** The absolute path of the inventory. */
  readonly path: string;
  /** Left out: the name that it has, else that of this machine. */
  readonly name?: string;
}

export async function joinHistory({ journal }: JobStore, joining: Joining): Promise<Result<JoinedNow>> {
  const { settings, path } = joining;
  const store = storeText(settings);
  const before = journal.sharing.joined();
  const other = before && storeText(settingsOf(before));
  if (other !== undefined && other !== store) {
    const message = `this account's jobs are shared in ${other} already, and ${path} names ${store}`;
    return refused({ kind: 'refused', message, advice: 'reseed history leave ends that' });
  }
  let database: HistoryDatabase | undefined;
  try {
    if (settings.key !== undefined) keyIn(settings.key);
    database = await connect(settings);
    const tablesBefore = await withTables(database);
    const jump = before?.jump ?? randomBytes(16).toString('hex');
    const wanted = joining.name ?? before?.name;
    const token = randomBytes(16).toString('hex');
    const name = await nameFor(database, jump, token, wanted);
    if (name === undefined) {
      const advice = 'choose another with --as';
      return refused({ kind: 'refused', message: `another jump host is called ${wanted} there`, advice });
    }
    journal.sharing.join({ jump, name, settings: JSON.stringify(settings), inventory: path }, token);
    return given({ name, store, tablesBefore });
  } catch (error) {
    if (!(error instanceof HistoryTrouble)) throw error;
    return refused({ kind: 'failed', message: `${store}: ${error.message}`, advice: error.advice });
  } finally {
    database?.close();
  }
}

/** Returns the version before. */
async function withTables(database: HistoryDatabase): Promise<number> {
  const before = await versionThere(database);
  if (before > tablesVersion) throw wrongVersion(before);
  if (before < tablesVersion) for (const sql of statementsFrom(before)) await database.define(sql);
  return before;
}

/** undefined: the wanted one is taken. Two accounts of one machine, or two machines of one name, get a number behind it. */
async function nameFor(database: HistoryDatabase, jump: string, token: string, wanted: string | undefined) {
  const isClaimed = async (name: string) => await claimName(database, jump, { name, build: version, token });
  if (wanted !== undefined) return (await isClaimed(wanted)) ? wanted : undefined;
  const own = ownName();
  for (let number = 1; number <= 99; number += 1) {
    const name = number === 1 ? own : `${own}-${number}`;
    if (await isClaimed(name)) return name;
  }
  return undefined;
}

/** As it may stand before the colon in `jump1:4`. */
function ownName(): string {
  const name = hostname()
    .replace(/[^\w.-]/g, '-')
    .slice(0, 50);
  return /[^\d]/.test(name) ? name : `jump-${name}`;
}
