// A tick was killed, or its machine lost its power, after it had recorded a job and before that had a runner. Nothing has happened on any host.
import { holderHere } from '../../job/lease/lease.ts';
import { type JobStore, runnerOf } from '../jobs/job-store.ts';

/** False: there is no such job, or it has a runner. Else none begins it any more, also one that is just starting. */
export function withdrawUnbegun(store: JobStore, key: string): boolean {
  const { journal } = store;
  const id = journal.schedules.jobWithKey(key);
  const [job] = id === undefined ? [] : journal.jobsOf([id]);
  if (job?.state !== 'planned' || runnerOf(store, job) !== 'died') return false;
  const holder = holderHere();
  if (!journal.replaceLease(job.id, job.lease?.holder.key, holder)) return false;
  journal.setJob(job.id, 'failed', 'it was not begun: the process that recorded it ended before there was a runner');
  journal.endLease(job.id, holder.key);
  return true;
}
