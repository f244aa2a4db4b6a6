// A tick by this process, with the account's own journal, hosts and runners.
import type { Inventory } from '../../inventory/settings.ts';
import { holdFile } from '../../job/lease/alive.ts';
import { carriedOn, type JobStore, launch } from '../jobs/job-store.ts';
import { planRun } from './plan-run.ts';
import { type TickEvent, tick } from './tick.ts';

export interface Here {
  readonly store: JobStore;
  readonly inventory: Inventory;
  /** The inventory's absolute path. */
  readonly path: string;
  readonly signal: AbortSignal;
  readonly only?: readonly number[];
}

/** undefined: another process is at it, for longer than `waitMs`. Throws where the journal's disk fails. */
export async function tickHere(here: Here, waitMs: number): Promise<readonly TickEvent[] | undefined> {
  const { store, inventory, signal } = here;
  const lock = holdFile(store.home.tick, waitMs);
  if (!lock) return undefined;
  try {
    return await tick({
      ...here,
      nowMs: Date.now,
      plan: (run, by) => planRun(inventory, run, by, signal),
      begin: (job) => launch(store, job),
      isStill: (job) => carriedOn(store, job).abandoned,
    });
  } finally {
    lock.release();
  }
}
