import { setTimeout as sleep } from 'node:timers/promises';

/** Waits, or returns early when the signal ends: the caller asks the signal. */
export const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  sleep(ms, undefined, { signal }).catch(() => undefined);
