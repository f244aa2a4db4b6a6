// The jobs of other jump hosts, for a verb. What speaks to the shared database is loaded only where this journal is shared.
import type { OtherJobs } from '../../history/read.ts';
import type { JobStore } from '../jobs/job-store.ts';
import { startSender } from './start-sender.ts';

/** The newest of them. None where this journal is not shared, or the database is away: awayLine tells that. */
export async function othersOf(store: JobStore, limit: number): Promise<OtherJobs> {
  const none = { jobs: [], unread: [] };
  if (!store.journal.sharing.joined()) return none;
  if (store.journal.sharing.waiting() > 0) startSender(store);
  const [{ askHistory }, { otherJobs }] = await Promise.all([import('./ask.ts'), import('../../history/read.ts')]);
  const asked = await askHistory(store, async (database, { jump }) => await otherJobs(database, jump, limit));
  if (!asked.ok) return none;
  return { jobs: asked.value.jobs.slice(0, limit), unread: asked.value.unread };
}
