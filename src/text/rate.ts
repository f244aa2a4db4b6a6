// How fast an amount changes, and when it will be complete: of copied bytes, of a snapshot that fills, of a replica
// that catches up. The caller chooses the samples. An unknown value is undefined, and is shown as `?`. Pure.
import { shortSize } from './amounts.ts';

/** An amount at a time, in milliseconds since 1970. */
export interface Measured {
  readonly atMs: number;
  readonly amount: number;
}

/** The rate between two samples, negative for a falling amount. undefined: a sample is missing, or no time lies between them. */
export function perSecond(first: Measured | undefined, last: Measured | undefined): number | undefined {
  if (!first || !last || last.atMs <= first.atMs) return undefined;
  return ((last.amount - first.amount) / (last.atMs - first.atMs)) * 1000;
}

/** Milliseconds for `amount` at that rate; undefined: the rate is unknown, or nothing moves. */
export function msFor(amount: number, rate: number | undefined): number | undefined {
  return rate === undefined || rate <= 0 ? undefined : (Math.max(0, amount) / rate) * 1000;
}

/** `412M/s`, `0B/s`; `?/s`: unknown. */
export const bytesPerSecondText = (rate: number | undefined | null): string =>
  `${rate === undefined || rate === null ? '?' : shortSize(rate)}/s`;
