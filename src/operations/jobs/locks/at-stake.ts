// The jobs of this journal that still hold something on hosts, for the verbs that remove things there.
import type { JobRecord } from '../../../job/journal/record.ts';
import { mayBeOpen } from '../../../job/journal/row-damage.ts';
import type { Carried } from '../../../job/lease/runner-state.ts';
import { type Planned, refusal } from '../../../job/plan/refusal.ts';
import { carriedOn, damagedRunner, type JobStore } from '../job-store.ts';
import { damageTrouble } from '../job-trouble.ts';
import { holderRefusal } from './held.ts';

export interface AtStake {
  /** Unfinished jobs: numbers by key. */
  readonly open: ReadonlyMap<string, number>;
  /** The refusal if such a job holds the host: whether it runs, can be resumed or is ending, with what to do in each case. */
  readonly heldBy: (host: string, id: number) => Extract<Planned, { ok: false }>;
  /** Jobs that ended `cleanup-needed`: numbers by key. */
  readonly needed: ReadonlyMap<string, number>;
}

export function atStake(store: JobStore): AtStake {
  const open = store.journal.openJobs().map((job) => ({ job, carried: carriedOn(store, job) }));
  // One whose runner died can't be resumed or aborted: what it left may be taken away.
  const damaged = store.journal
    .damaged()
    .filter((job) => mayBeOpen(job) && !damagedRunner(store, job).abandoned)
    .map((job) => ({ ...job, ...damageTrouble(store, job) }));
  return stakeOf(open, store.journal.uncleanJobs(), damaged);
}

type Numbered = Pick<JobRecord, 'key' | 'id'>;

/** Pure. `damaged`: unfinished jobs that can't be read, and whose runner may live. */
export function stakeOf(
  open: readonly { readonly job: JobRecord; readonly carried: Carried }[],
  unclean: readonly Numbered[],
  damaged: readonly (Numbered & { readonly message: string; readonly advice: string })[] = [],
): AtStake {
  const byNumber = new Map(open.map((one) => [one.job.id, one]));
  return {
    open: byKey([...open.map(({ job }) => job), ...damaged]),
    needed: byKey(unclean),
    heldBy: (host, id) => {
      const one = byNumber.get(id);
      if (one) return holderRefusal({ host, job: one.job }, one.carried);
      const unread = damaged.find((job) => job.id === id);
      if (unread)
        return refusal(`${host} is locked by job ${id}, whose runner may run; ${unread.message}`, unread.advice);
      return refusal(`${host} is locked by job ${id}`, `see what it does: reseed job show ${id}`);
    },
  };
}

const byKey = (jobs: readonly Numbered[]) => new Map(jobs.map(({ key, id }) => [key, id]));
