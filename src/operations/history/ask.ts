// A question of a verb to the shared database. It waits a few seconds at most, whatever the database does.
import { type HistoryDatabase, openHistory } from '../../history/connection.ts';
import { HistoryTrouble } from '../../history/trouble.ts';
import type { Joined } from '../../job/journal/sharing.ts';
import type { JobStore } from '../jobs/job-store.ts';
import { given, type Result, refused } from '../result.ts';
import { noteAway, settingsOf } from './joined.ts';

const mostMs = 3000;

/** Refused: this journal is not shared, or the database is of no use now, which is noted in the journal. */
export async function askHistory<T>(
  { journal }: JobStore,
  work: (database: HistoryDatabase, joined: Joined) => Promise<T>,
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
    database = await openHistory(settingsOf(joined), mostMs);
    return given(await work(database, joined));
  } catch (error) {
    if (!(error instanceof HistoryTrouble)) throw error;
    noteAway(journal, error, Date.now());
    return refused({ kind: 'unreachable', message: `history: ${error.message}`, advice: error.advice });
  } finally {
    database?.close();
  }
}
