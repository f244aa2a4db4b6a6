// What could not be released at the end of a job, in an operator's words: what, on which host, why, and what to do.
// Pure.
import { cleanLine } from '../../text/clean.ts';
import type { CommandRecord } from '../journal/record.ts';

/** `LEFT: the lock of db5 (db5 did not answer: connection timed out)`. `last`: the last command that tried to release it. */
export function aboutLeft(what: string, host: string, last: Pick<CommandRecord, 'code' | 'said'> | undefined): string {
  if (last === undefined) return `LEFT: ${what}`;
  const why = cleanLine(last.said);
  // A command without an exit status did not reach the host, or its answer was lost.
  const reason = last.code === undefined ? `${host} did not answer${why && `: ${why}`}` : why;
  return `LEFT: ${what}${reason && ` (${reason})`}`;
}
