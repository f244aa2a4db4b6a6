// Sizes of sample data, which are part of the cache's names. They count by 1000, unlike all other sizes.
import { DrillFailure } from '../drill/failure.ts';
import { bytesIn } from '../text/amounts.ts';

/** `200M`, `1.5G`, `512MiB` -> bytes. A DrillFailure (usage) for any other text. */
export function readBytes(word: string): number {
  const bytes = bytesIn(word, 1000);
  if (bytes !== undefined) return bytes;
  throw new DrillFailure('usage', `'${word}' is not a size`, 'write 200M, 1.5G or 512MiB');
}
