// Sizes of sample data, which its cache is named by. Every other size is read by text/amounts.ts.
import { DrillFailure } from '../drill/failure.ts';

const powers: Readonly<Record<string, number>> = {
  '': 1,
  k: 1e3,
  m: 1e6,
  g: 1e9,
  ki: 2 ** 10,
  mi: 2 ** 20,
  gi: 2 ** 30,
};

/** `200M`, `1.5G`, `512MiB` -> bytes; undefined for anything else. */
function bytesIn(word: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)\s*([kmg]i?)?b?$/i.exec(word.trim());
  const power = powers[(match?.[2] ?? '').toLowerCase()];
  const bytes = match && power ? Math.round(Number(match[1]) * power) : 0;
  return bytes > 0 ? bytes : undefined;
}

/** The same. A DrillFailure (usage) for what is no size. */
export function readBytes(word: string): number {
  const bytes = bytesIn(word);
  if (bytes !== undefined) return bytes;
  throw new DrillFailure('usage', `'${word}' is not a size`, 'write 200M, 1.5G or 512MiB');
}
