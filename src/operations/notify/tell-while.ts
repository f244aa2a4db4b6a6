// Tells receivers of a job beside its work: the runner waits for none of them, and no failure of telling is one of the job.
import { setTimeout as sleep } from 'node:timers/promises';
import { cleanLine } from '../../text/clean.ts';
import type { JobStore } from '../jobs/job-store.ts';
import { sendDue } from './send.ts';
import { settleJobs } from './settle.ts';

const betweenLooksMs = 5000;
/** Two further tries have their time after the end of the job; what waits then is sent by the next reseed, or the next tick. */
const afterEndMs = 90_000;

/** `onTrouble`: the journal can't be used now, in clean words. */
export function tellWhile(store: JobStore, id: number, onTrouble: (text: string) => void): { end(): Promise<void> } {
  const over = new AbortController();
  const never = new AbortController().signal;
  let said: string | undefined;
  const look = async (budgetMs: number): Promise<boolean> => {
    try {
      settleJobs(store, Date.now());
      await sendDue(store, { nowMs: Date.now, budgetMs, signal: never });
      return store.journal.telling.waitsOf(id);
    } catch (error) {
      // Whatever it is: the job goes on.
      const trouble = `receivers were not told: ${cleanLine(error instanceof Error ? error.message : String(error))}`;
      if (trouble !== said) onTrouble(trouble);
      said = trouble;
      return false;
    }
  };
  const work = async () => {
    if (!isTold(store, id)) return;
    while (!over.signal.aborted) {
      await look(betweenLooksMs);
      await sleep(betweenLooksMs, undefined, { signal: over.signal }).catch(() => undefined);
    }
    const untilMs = Date.now() + afterEndMs;
    while ((await look(betweenLooksMs)) && Date.now() < untilMs) await sleep(betweenLooksMs);
  };
  const done = work();
  return {
    end: async () => {
      over.abort();
      await done;
    },
  };
}

/** Most jobs have no receiver. */
function isTold({ journal }: JobStore, id: number): boolean {
  try {
    return journal.telling.jobs().some(({ job }) => job === id);
  } catch {
    // The runner itself reports a journal that it can't read.
    return false;
  }
}
