// Jobs of other jump hosts, looked at again and again over one connection.
import { type HistoryDatabase, openHistory } from '../../history/connection.ts';
import { type OtherJobs, otherJobs } from '../../history/read.ts';
import { HistoryTrouble } from '../../history/trouble.ts';
import type { Joined } from '../../job/journal/sharing.ts';
import type { JobStore } from '../jobs/job-store.ts';
import { answered, noteAway, settingsOf } from './joined.ts';

const mostMs = 3000;

/** undefined: the database is of no use now, which is noted in the journal. The signal closes the connection. */
export function otherJobsLook({ journal }: JobStore, limit: number, signal: AbortSignal) {
  let database: HistoryDatabase | undefined;
  let known: OtherJobs | undefined;
  const close = () => {
    database?.close();
    database = undefined;
  };
  signal.addEventListener('abort', close);
  return async (joined: Joined): Promise<OtherJobs | undefined> => {
    try {
      database ??= await openHistory(settingsOf(joined), { mostMs });
      known = await otherJobs(database, joined.jump, limit, known);
      answered(journal);
      return known;
    } catch (error) {
      if (!(error instanceof HistoryTrouble)) throw error;
      close();
      if (!signal.aborted) noteAway(journal, error, Date.now());
      return undefined;
    }
  };
}
