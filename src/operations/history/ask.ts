// A question of a verb to the shared database. It waits some seconds at most, whatever the database does.
import { type HistoryDatabase, openHistory, type Patience } from '../../history/connection.ts';
import { HistoryTrouble } from '../../history/trouble.ts';
import type { Joined } from '../../job/journal/sharing.ts';
import type { JobStore } from '../jobs/job-store.ts';
import { given, type Result, refused } from '../result.ts';
import { answered, noteAway, settingsOf } from './joined.ts';

/** For each answer, and for all of a question: a database that answers slowly, again and again, holds up none for long. */
export const patience = { mostMs: 3000, allMs: 10_000 };

/** Refused: this journal is not shared, or the database is of no use now, which is noted in the journal. */
export async function askHistory<T>(
  { journal }: JobStore,
  work: (database: HistoryDatabase, joined: Joined) => Promise<T>,
  within: Patience = patience,
): Promise<Result<T>> {
  const joined = journal.sharing.joined();
  if (!joined) {
    const message = "this account's jobs are shared with no other jump host";
    return refused({
      kind: 'refused',
      message,
      advice: 'history: in the inventory and reseed history join begin that',
    });
  }
  let database: HistoryDatabase | undefined;
  try {
    database = await openHistory(settingsOf(joined), within);
    const value = await work(database, joined);
    answered(journal);
    return given(value);
  } catch (error) {
    if (!(error instanceof HistoryTrouble)) throw error;
    noteAway(journal, error, Date.now());
    return refused({ kind: 'unreachable', message: `history: ${error.message}`, advice: error.advice });
  } finally {
    database?.close();
  }
}
