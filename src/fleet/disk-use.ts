// How full a file system is. Pure.
import type { DiskFacts } from '../host/facts.ts';

/** As df counts: percent of the space for ordinary users, without the blocks reserved for root. undefined: there is none. */
export function usedPercent({ usedBytes, freeBytes }: Pick<DiskFacts, 'usedBytes' | 'freeBytes'>): number | undefined {
  const usableBytes = usedBytes + freeBytes;
  return usableBytes > 0 ? (100 * usedBytes) / usableBytes : undefined;
}
