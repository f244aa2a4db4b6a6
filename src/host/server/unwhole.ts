// Data that a seed left half: the probe's lines -> UnwholeData, and its words. Pure.
import { cleanLine } from '../../text/clean.ts';
import type { UnwholeData } from '../facts.ts';
import { present } from '../known.ts';

/** The lines of `unwhole` (probe.sh). A folder of a seed alone is what it left beside whole data. */
export function readUnwhole(text: string): UnwholeData | undefined {
  const lines = text.split('\n').map((line) => /^(held|by|mark)(?: ([a-z0-9]+) ?(.*))?$/.exec(line.trim()));
  const of = (kind: string) => lines.find((line) => line?.[1] === kind);
  const [held, by] = [of('held'), of('by')];
  if (!(held || of('mark'))) return undefined;
  const who = cleanLine(by?.[3] ?? '').trim();
  return { ...present('job', by?.[2] ?? held?.[2]), ...present('who', who === '' ? undefined : who) };
}

/** `half seeded by job 3f2a of ops@jump1` */
export const unwholeText = ({ job, who }: UnwholeData): string =>
  `half seeded${job === undefined ? '' : ` by job ${job}`}${who === undefined ? '' : ` of ${who}`}`;
