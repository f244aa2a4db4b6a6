// When to try a connection again. Pure: the random number comes in.

export interface RetryWait {
  readonly firstMs: number;
  readonly maxMs: number;
  /** The share of the full wait that is always kept. 0 is full jitter. */
  readonly floor: number;
}

/** For a host that does not answer: soon, then seldom. Full jitter spreads the retries of a fleet behind one switch. */
export const awayRetry: RetryWait = { firstMs: 1000, maxMs: 60_000, floor: 0 };

/** For a host that refused us (key, login): each try is a line in its log, and fail2ban counts them. */
export const refusedRetry: RetryWait = { firstMs: 15_000, maxMs: 600_000, floor: 0.5 };

/** How long to wait after the `failures`-th failure in a row (1: the first). `random` is in [0, 1). */
export function waitMs(wait: RetryWait, failures: number, random: number): number {
  const fullMs = Math.min(wait.maxMs, wait.firstMs * 2 ** Math.min(failures - 1, 30));
  return fullMs * (wait.floor + (1 - wait.floor) * random);
}
