// Samples -> figures.

/** The value that `share` (0 to 1) of the samples do not exceed; NaN without samples. */
export function percentile(samples: readonly number[], share: number): number {
  const sorted = samples.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

export const median = (samples: readonly number[]) => percentile(samples, 0.5);

export const spread = (samples: readonly number[]) =>
  `${Math.round(Math.min(...samples))} to ${Math.round(Math.max(...samples))}`;

/** A line of the answer: a name, what was measured, its reference. */
export function tell(what: string, ...figures: readonly string[]): void {
  process.stdout.write(`  ${what.padEnd(44)} ${figures.join('   ')}\n`);
}
