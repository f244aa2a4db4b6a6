// A tick by this process, with the account's own journal, hosts and runners.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Inventory, Schedule } from '../../inventory/settings.ts';
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
  /** An operator asks for this one now. */
  readonly only?: Schedule;
}

/** undefined: another process is at it, for longer than `waitMs` or until the signal. Throws where the journal's disk fails. */
export async function tickHere(here: Here, waitMs: number): Promise<readonly TickEvent[] | undefined> {
  const { store, inventory, signal } = here;
  const lock = await heldWithin(store.home.tick, waitMs, signal);
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

const betweenLooksMs = 200;

/** In short looks: while SQLite itself waits, this process hears no signal. */
async function heldWithin(path: string, waitMs: number, signal: AbortSignal) {
  const untilMs = Date.now() + waitMs;
  for (;;) {
    const lock = holdFile(path, 0);
    if (lock || signal.aborted || Date.now() >= untilMs) return lock;
    await sleep(betweenLooksMs, undefined, { signal }).catch(() => undefined);
  }
}
