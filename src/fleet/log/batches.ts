// Does work in batches: one after the other, each begun no sooner than a while after the previous one.
import { setTimeout as sleep } from 'node:timers/promises';

export interface Batches {
  /** Announces work for the next batch. */
  soon(): void;
  /** Settles when all announced work is done. */
  done(): Promise<void>;
}

/** After `signal`, batches run without a pause. */
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

/** Waits for `pauseMs`, or until `signal` aborts. */
export async function pause(pauseMs: number, signal: AbortSignal): Promise<void> {
  if (pauseMs > 0) await sleep(pauseMs, undefined, { signal }).catch(() => undefined);
}
