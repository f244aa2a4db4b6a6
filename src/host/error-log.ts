// The lines of a server's error log -> text, severity, time. Pure; a line may be anything at all.
import { cleanLine } from '../text/clean.ts';
import type { LogLine, Severity } from './facts.ts';

/** Characters of a line that are kept, before the words that say what was cut off. */
export const lineLimit = 4000;

// MySQL 5.7:  2026-11-22T18:45:56.123456Z 0 [Warning] text
// MySQL 8+:   2026-11-22T18:45:56.123456Z 0 [Warning] [MY-010068] [Server] text      (or +02:00, with log_timestamps=SYSTEM)
// MariaDB:    2026-11-22 18:45:56 0 [Warning] text
// older:      261122  8:45:56 [Warning] text
const start = /^((?:\d{4}-\d\d-\d\d[T ]|\d{6} ) ?\d{1,2}:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)?)\s/;
const label = /^(?:\d+ )?\s*\[(ERROR|Warning|Note|System)\]/i;

/**
 * One line of an error log, without its end of line. The text is clean and at most 4,096 characters; a longer line ends with
 * how much was cut off.
 */
export function parseLogLine(text: string): LogLine {
  // Cut before it is cleaned: a line of megabytes is not worth the time.
  const shown = cleanLine(text.slice(0, lineLimit)).trimEnd();
  const cutCharacters = text.length - lineLimit;
  const time = start.exec(shown);
  const severity = severityAfter(shown.slice(time?.[0].length ?? 0));
  return {
    text: cutCharacters > 0 ? `${shown} … (${cutCharacters} more characters)` : shown,
    ...(severity && { severity }),
    ...(time?.[1] && { time: time[1] }),
  };
}

/** Undefined where a line names none: a stack trace, a line of mysqld_safe. */
function severityAfter(rest: string): Severity | undefined {
  return label.exec(rest)?.[1]?.toLowerCase() as Severity | undefined;
}
