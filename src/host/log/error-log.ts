// The lines of a server's error log -> text, severity, time. Pure; a line may be any text.
import { cleanLine } from '../../text/clean.ts';
import type { LogLine, Severity } from '../facts.ts';

/** How many characters of a line are kept. The words that say what was cut off follow them. */
export const lineLimit = 4000;

// MySQL 5.7:  2026-11-22T18:45:56.123456Z 0 [Warning] text
// MySQL 8+:   2026-11-22T18:45:56.123456Z 0 [Warning] [MY-010068] [Server] text      (or +02:00, with log_timestamps=SYSTEM)
// MariaDB:    2026-11-22 18:45:56 0 [Warning] text
// older:      261122  8:45:56 [Warning] text
const start = /^((?:\d{4}-\d\d-\d\d[T ]|\d{6} ) ?\d{1,2}:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)?)\s/;
const label = /^(?:\d+ )?\s*\[(ERROR|Warning|Note|System)\]/i;

// A crash has no severity: a signal handler, the C library, or systemd writes its lines.
const crash =
  /\bgot (?:signal|exception) (?:\d|0x)|assertion failure|assertion .* failed|\bAssertion `|terminate called after throwing/i;
/** Lines beside a crash: errors that give no reason. */
const besideCrash =
  /^\s*(?:stack_bottom|Attempting backtrace)\b|Main process exited, code=(?:killed|dumped)|Failed with result '/;

/** Whether a line reports a server's crash. */
export const isCrash = (text: string): boolean => crash.test(text);

// The server takes each folder of its datadir for a database. A file system's own folder and ours are none, and that is
// no fault.
const noDatabase = /Invalid \(old\?\) table or database name '(?:lost\+found|\.reseed-[^']*|#[^']*)'/;

/** Whether a line is an error only by its label: a DBA has nothing to do about it. */
const isHarmless = ({ text }: LogLine): boolean => noDatabase.test(text);

/** Whether a line is an error that a DBA has to read. */
export const isFault = (line: LogLine): boolean => line.severity === 'error' && !isHarmless(line);

/** Whether a line comes with a crash or a failed start, and does not give the reason. */
export const isBesideCrash = (text: string): boolean => besideCrash.test(text);

/**
 * Reads one line of an error log, without its end of line: of a file, of MySQL's JSON sink, or of the journal as
 * `short-unix`. The text is clean and has at most 4,096 characters; a longer line ends with how much was cut off.
 */
export function parseLogLine(text: string): LogLine {
  return (text.startsWith('{') && jsonLine(text)) || journalLine(text) || plainLine(text);
}

// 1795715465.169733 db4 mariadbd[8084]: text
const journal = /^(\d{10})\.(\d{6}) \S+ ([^\s:[]+)(?:\[\d+\])?: (.*)$/s;

/** The server's own time if it wrote one, else the journal's, which is of the same clock; in UTC. */
function journalLine(text: string): LogLine | undefined {
  const [, seconds, micros, program = '', said = ''] = journal.exec(text) ?? [];
  if (seconds === undefined) return undefined;
  const line = plainLine(said);
  if (line.time !== undefined) return line;
  const time = `${new Date(Number(seconds) * 1000).toISOString().slice(0, 19)}.${micros}Z`;
  return { ...plainLine(`${time} ${program}: ${said}`), ...(line.severity && { severity: line.severity }), time };
}

/**
 * log_sink_json writes an object a line (dev.mysql.com, "Error Logging in JSON Format"). Rewrites it as the traditional
 * sink would.
 */
function jsonLine(text: string): LogLine | undefined {
  const fields = objectIn(text) ?? fieldsOfCut(text);
  const field = (name: string) => (fields && Object.hasOwn(fields, name) ? String(fields[name]) : '');
  if (field('msg') === '' || field('time') === '') return undefined;
  const code = field('err_code') && `[MY-${field('err_code').padStart(6, '0')}] `;
  // The traditional sink writes ERROR.
  const label = field('label').replace(/^Error$/, 'ERROR') || (labelOfPriority[Number(field('prio'))] ?? 'Note');
  const subsystem = field('subsystem') && `[${field('subsystem')}] `;
  // The first line of a crash has a time in its message too.
  const said = `${field('thread') || 0} [${label}] ${code}${subsystem}${field('msg')}`;
  // In some lines the time comes after the message and was cut off. Such a line has no time.
  if (field('time') !== '?') return plainLine(`${field('time')} ${said}`);
  const line = plainLine(said);
  return { ...line, text: `? ${line.text}` };
}

const labelOfPriority: Readonly<Record<number, string>> = { 0: 'System', 1: 'ERROR', 2: 'Warning', 3: 'Note' };

/**
 * Fields of a sink's line that was cut: those before the cut, and the received part of the message. Undefined: it is no
 * such line.
 */
function fieldsOfCut(text: string): Record<string, unknown> | undefined {
  if (!/^\{ *"\w+" *:/.test(text) || !/"(?:prio|err_code)" *: *\d/.test(text)) return undefined;
  const fields = [...text.matchAll(/"(\w+)" *: *(?:(\d+)|"((?:[^"\\]|\\.)*))/g)].map(
    ([, name = '', number, said = '']) => [name, number ?? `${said}`],
  );
  const found = Object.fromEntries(fields);
  return { time: '?', ...found, msg: `${found.msg ?? ''} … (line cut)` };
}

function objectIn(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? { ...value } : undefined;
  } catch {
    // The text begins with a brace and is no JSON, or the line was cut.
    return undefined;
  }
}

function plainLine(text: string): LogLine {
  // Cut first, then cleaned: cleaning a line of megabytes would take too long.
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

/** Undefined where a line names no severity: a stack trace, a line of mysqld_safe. MySQL's sinks label a crash System. */
function severityAfter(rest: string): Severity | undefined {
  const [start = '', word] = label.exec(rest) ?? [];
  const severity = word?.toLowerCase() as Severity | undefined;
  const said = rest.slice(start.length).replace(/^(?:\s*\[[^\]]*\])+\s*/, '');
  if ((severity === undefined || severity === 'system') && (crash.test(said) || besideCrash.test(said))) return 'error';
  return severity;
}
