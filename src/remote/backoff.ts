// When to try a connection again. Pure: the random number comes in.

export interface TransferRate {
  readonly firstMs: number;
  readonly maxMs: number;
  /** The share of the full wait that is always kept. 0 is full jitter. */
  readonly floor: number;
}

/** For a host that does not answer: soon, then seldom. Full jitter spreads the retries of a fleet behind one switch. */
export const awayRetry: TransferRate = { firstMs: 1000, maxMs: 60_000, floor: 0 };

/** For a host that refused us (key, login): each try is a line in its log, and fail2ban counts them. */
export const refusedRetry: TransferRate = { firstMs: 15_000, maxMs: 600_000, floor: 0.5 };

/** How long to wait after the `failures`-th failure in a row (1: the first). `random` is in [0, 1). */
export function waitMs(pace: TransferRate, failures: number, random: number): number {
  const fullMs = Math.min(pace.maxMs, pace.firstMs * 2 ** Math.min(failures - 1, 30));
  return fullMs * (pace.floor + (1 - pace.floor) * random);
}
