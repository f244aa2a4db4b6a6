// The jobs of this journal that still have something on hosts, for the verbs that take things away there.
import type { JobRecord } from '../../../job/journal/record.ts';
import type { Carried } from '../../../job/lease/runner-state.ts';
import { type Planned, refusal } from '../../../job/plan/refusal.ts';
import { carriedOn, type JobStore } from '../job-store.ts';
import { holderRefusal } from './held.ts';

export interface AtStake {
  /** Numbers by keys: of jobs that are not over. */
  readonly open: ReadonlyMap<string, number>;
  /** That one of those has the host: whether it runs, is resumable or is ending, with what to do in each case. */
  readonly heldBy: (host: string, id: number) => Extract<Planned, { ok: false }>;
  /** Of jobs that ended `cleanup-needed`. */
  readonly needed: ReadonlyMap<string, number>;
}

export function atStake(store: JobStore): AtStake {
  const open = store.journal.openJobs().map((job) => ({ job, carried: carriedOn(store, job) }));
  return stakeOf(open, store.journal.uncleanJobs());
}

/** Pure. */
export function stakeOf(
  open: readonly { readonly job: JobRecord; readonly carried: Carried }[],
  unclean: readonly Pick<JobRecord, 'key' | 'id'>[],
): AtStake {
  const byNumber = new Map(open.map((one) => [one.job.id, one]));
  return {
    open: byKey(open.map(({ job }) => job)),
    needed: byKey(unclean),
    heldBy: (host, id) => {
      const one = byNumber.get(id);
      if (one) return holderRefusal({ host, job: one.job }, one.carried);
      return refusal(`${host} is locked by job ${id}`, `see what it does: reseed job show ${id}`);
    },
  };
}

const byKey = (jobs: readonly Pick<JobRecord, 'key' | 'id'>[]) => new Map(jobs.map(({ key, id }) => [key, id]));
