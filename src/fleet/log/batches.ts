// Has something done in batches: one after the other, each begun no sooner than a while after the one before.
import { setTimeout as sleep } from 'node:timers/promises';

export interface Batches {
  /** There is something for the next batch. */
  soon(): void;
  /** Settles when what there was is done. */
  done(): Promise<void>;
}

/** After `signal` batches are done without a pause. */
export function batches(batch: () => Promise<void>, everyMs: number, signal: AbortSignal): Batches {
  let last = Promise.resolve();
  let waiting = false;
  let notBeforeMs = 0;

  const next = async () => {
    await pause(notBeforeMs - performance.now(), signal);
    waiting = false;
    notBeforeMs = performance.now() + everyMs;
    await batch();
  };
  return {
    soon: () => {
      if (waiting) return;
      waiting = true;
      last = last.then(next);
    },
    done: () => last,
  };
}

/** Waits, or until `signal` says that there is no need to. */
export async function pause(pauseMs: number, signal: AbortSignal): Promise<void> {
  if (pauseMs > 0) await sleep(pauseMs, undefined, { signal }).catch(() => undefined);
}
