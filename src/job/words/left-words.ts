// What could not be released at the end of a job, in an operator's words: what, on which host, why, and what to do.
// Pure.
import { cleanLine } from '../../text/clean.ts';
import type { CommandRecord } from '../journal/record.ts';

/** A sentence about how a job ended. */
export interface EndLine {
  readonly text: string;
  /** `left`: it is about what is left on a host; `next`: it is what the operator does next. Absent: neither. */
  readonly about?: 'left' | 'next';
}

type Last = Pick<CommandRecord, 'code' | 'said'> | undefined;

/** `LEFT: the lock of db5 (db5 did not answer: connection timed out)`. `last`: the last command that tried to release it. */
export const aboutLeft = (what: string, host: string, last: Last): string => leftText([what], whyLeft(host, last));

/** Several things of a host with one cause are one line. */
export const leftText = (whats: readonly string[], why: string): string =>
  `LEFT: ${whats.join('; ')}${why && ` (${why})`}`;

/** Empty: not known. */
export function whyLeft(host: string, last: Last): string {
  if (last === undefined) return '';
  const why = cleanLine(last.said);
  // A command without an exit status did not reach the host, or its answer was lost.
  return last.code === undefined ? `${host} did not answer${why && `: ${why}`}` : why;
}
