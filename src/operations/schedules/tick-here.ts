// A tick by this process, with the account's own journal, hosts and runners.
import { setTimeout as sleep } from 'node:timers/promises';
import { present } from '../../host/known.ts';
import type { Inventory, Schedule } from '../../inventory/settings.ts';
import type { JobRecord } from '../../job/journal/record.ts';
import { holdFile } from '../../job/lease/alive.ts';
import type { Carried } from '../../job/lease/runner-state.ts';
import { timesClaim } from '../history/claim-times.ts';
import { carriedOn, type JobStore, launch } from '../jobs/job-store.ts';
import { machineOf, notRenewedText } from '../jobs/words/died-words.ts';
import { tick } from './tick.ts';
import type { TickEvent } from './ticking.ts';
import { withdrawUnbegun } from './withdraw.ts';

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
      plan: async (run, by) => {
        // Most ticks plan nothing.
        const { planRun } = await import('./plan-run.ts');
        return await planRun(inventory, run, by, signal);
      },
      ...present('claim', timesClaim(store, inventory)),
      begin: (job) => launch(store, job),
      withdraw: (key) => withdrawUnbegun(store, key),
      stillOf: (job) => stillText(job, carriedOn(store, job)),
    });
  } finally {
    lock.release();
  }
}

/** A lease that is not renewed proves nothing; but for ever it would take the place of other jobs. */
export const stillText = (job: JobRecord, { abandoned, lapsed }: Carried): string | undefined =>
  abandoned ? 'its runner has ended' : lapsed && `its runner on ${machineOf(job)} ${notRenewedText(job)}`;

const betweenLooksMs = 200;

/** In short looks: while SQLite itself waits, this process hears no signal. */
export async function heldWithin(path: string, waitMs: number, signal: AbortSignal) {
  const untilMs = Date.now() + waitMs;
  for (;;) {
    const lock = holdFile(path, 0);
    if (lock || signal.aborted || Date.now() >= untilMs) return lock;
    await sleep(betweenLooksMs, undefined, { signal }).catch(() => undefined);
  }
}
