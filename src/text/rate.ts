// How fast something goes, and when it will be there: of bytes that are copied, of a snapshot that fills, of a replica that catches up. The
// samples are chosen by those who know what they are of. What is not known is undefined, and `?` where it is shown. Pure.
import { shortSize } from './amounts.ts';

/** So much at a time, in milliseconds since 1970. */
export interface Measured {
  readonly atMs: number;
  readonly amount: number;
}

/** Between two samples, negative where it fell; undefined: there are not two, or no time lies between them. */
export function perSecond(first: Measured | undefined, last: Measured | undefined): number | undefined {
  if (!first || !last || last.atMs <= first.atMs) return undefined;
  return ((last.amount - first.amount) / (last.atMs - first.atMs)) * 1000;
}

/** Milliseconds until so much has gone at that rate; undefined: the rate is unknown, or nothing moves. */
export function msFor(amount: number, rate: number | undefined): number | undefined {
  return rate === undefined || rate <= 0 ? undefined : (Math.max(0, amount) / rate) * 1000;
}

/** `412M/s`, `0B/s`; `?/s`: unknown. */
export const bytesPerSecondText = (rate: number | undefined | null): string =>
  `${rate === undefined || rate === null ? '?' : shortSize(rate)}/s`;
