// How full a file system is. Pure.
import type { DiskFacts } from '../host/facts.ts';

/** As df counts: of what an ordinary user may use, without the blocks that are reserved for root. undefined: of nothing. */
export function usedPercent({ usedBytes, freeBytes }: Pick<DiskFacts, 'usedBytes' | 'freeBytes'>): number | undefined {
  const usableBytes = usedBytes + freeBytes;
  return usableBytes > 0 ? (100 * usedBytes) / usableBytes : undefined;
}
