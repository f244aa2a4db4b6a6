// An operator takes a job from a runner on another machine by an explicit option. Only the operator can know that the
// runner is dead. But if it renews its lease during this watch, reseed sees that, whatever the clocks say.
import { setTimeout as sleep } from 'node:timers/promises';
import type { JobRecord } from '../../job/journal/record.ts';
import { renewEveryMs } from '../../job/lease/lease.ts';
import type { Asked } from './control.ts';
import { type JobStore, runnerOf } from './job-store.ts';
import { machineOf } from './words/died-words.ts';

/** Longer than two renewals take. */
const watchMs = 2.5 * renewEveryMs;
const lookEveryMs = 250;

/**
 * `onWait`: called once, if it takes a while. Returns the refusal if the lease is renewed meanwhile; undefined: it is
 * not, or there is nothing to take.
 */
export async function isRenewed(
  store: JobStore,
  job: JobRecord,
  takeFrom: string | undefined,
  onWait: (text: string) => void,
): Promise<Asked | undefined> {
  if (takeFrom !== machineOf(job) || runnerOf(store, job) !== 'lapsed') return undefined;
  onWait(`looks for ${watchMs / 1000} s whether ${takeFrom} renews its lease of job ${job.id}`);
  for (let lookedMs = 0; lookedMs < watchMs; lookedMs += lookEveryMs) {
    await sleep(lookEveryMs);
    const now = store.journal.job(job.id)?.lease;
    if (now?.holder.key === job.lease?.holder.key && now?.renewals === job.lease?.renewals) continue;
    const why = `job ${job.id} runs: its lease was renewed just now, and the clock of ${takeFrom} differs from the one here`;
    return { ok: false, why: `${why}; reseed job attach ${job.id} watches it` };
  }
  return undefined;
}
