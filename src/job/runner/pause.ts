import { setTimeout as sleep } from 'node:timers/promises';

/** Waits, or returns early when the signal aborts; the caller checks the signal. */
export const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  sleep(ms, undefined, { signal }).catch(() => undefined);
