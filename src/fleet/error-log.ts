// What in a host's error log the operator has not read yet, and what it says of why a server stopped. Pure.
//
// Somebody on call wants to see what was logged since they last looked, on whichever host, and nothing that they know of
// already. A look at the log marks its last line: what stands after that line is unread, whatever the clocks say. Before the
// first look the time counts: errors from an hour before the watch began (store.ts) are unread, older ones are history.

import { isBesideCrash, isCrash } from '../host/error-log.ts';
import type { ErrorLogTail, LogLine } from '../host/facts.ts';
import type { Alert, HostPicture } from './picture.ts';

export function errorLogAlerts(picture: HostPicture): Alert[] {
  const unread = unreadErrors(picture);
  // A crash says more than systemd's words about it.
  const last = unread.findLast(({ text }) => !isBesideCrash(text)) ?? unread.at(-1);
  if (!last) return [];
  const others = unread.length > 1 ? ` (and ${unread.length - 1} more)` : '';
  const atMs = loggedAtMs(last, picture);
  return [
    {
      kind: 'errorLog',
      level: 'warning',
      text: `error log${others}: ${messageOf(last)}`,
      ...(atMs !== undefined && { sinceMs: atMs }),
    },
  ];
}

/** Lines at ERROR that came after the operator's last look, oldest first. */
function unreadErrors(picture: HostPicture): readonly LogLine[] {
  const { report, look } = picture;
  if (!report.errorLog?.ok) return [];
  const { lines } = report.errorLog.value;
  const { line } = look;
  const at = line ? lines.findLastIndex(({ text, time }) => text === line.text && time === line.time) : -1;
  if (at >= 0) return lines.slice(at + 1).filter(isError);
  // A line without a time that can be read may be new.
  return lines.filter((one) => isError(one) && (loggedAtMs(one, picture) ?? Number.POSITIVE_INFINITY) > look.atMs);
}

const isError = ({ severity }: LogLine) => severity === 'error';

/** By this machine's clock. The host's may be wrong, and its log is stamped by it all the same. */
function loggedAtMs({ time }: LogLine, { report, partAtMs }: HostPicture): number | undefined {
  const system = report.system?.ok ? report.system.value : undefined;
  const ms = time === undefined ? Number.NaN : stampMs(time, system?.utcOffsetSeconds ?? 0);
  const aheadMs = system && partAtMs.system !== undefined ? inMinutes(system.clockMs - partAtMs.system) : 0;
  return Number.isNaN(ms) ? undefined : ms - aheadMs;
}

/** What the way here takes is not the clock's fault, and differs at each poll. */
const inMinutes = (ms: number) => Math.round(ms / 60_000) * 60_000;

/** MySQL: `2026-11-22T18:45:56.123456Z` or with `+02:00`; MariaDB: `2026-11-22 18:45:56`, the hour without its zero. */
function stampMs(time: string, utcOffsetSeconds: number): number {
  const [, day, hour, rest, zone] =
    /^(\d{4}-\d\d-\d\d)[T ]\s?(\d{1,2})(:\d\d:\d\d(?:\.\d+)?)\s*(Z|[+-]\d\d:?\d\d)?$/.exec(time) ?? [];
  if (!day || !hour || !rest) return Number.NaN;
  const ms = Date.parse(`${day}T${hour.padStart(2, '0')}${rest.replace(/(\.\d{3})\d+/, '$1')}${zone ?? 'Z'}`);
  return zone ? ms : ms - utcOffsetSeconds * 1000;
}

/** What a line says, without its time and the number of its thread: `[ERROR] [MY-010119] [Server] Aborting`. */
export function messageOf({ text }: LogLine): string {
  const at = text.search(/\[(?:ERROR|Warning|Note|System)\]/i);
  return at > 0 && at < 60 ? text.slice(at) : text;
}

const started = /ready for connections|starting .*as process/i;

/** A line of a server's start: MySQL says `starting as process`, MariaDB `Starting MariaDB ... as process`. */
export const isStart = (text: string): boolean => started.test(text);

const ready = /ready for connections/i;
const ended = /Shutdown complete/i;

/**
 * The line that says why a server which does not run stopped; undefined where it was shut down in order, or the log does
 * not say. A start that fails says first what is wrong, then what follows from it, and `Aborting` last; a server that ran
 * fails with its crash, else with its last error.
 */
export function reasonOfStop({ lines }: ErrorLogTail): LogLine | undefined {
  const at = lines.findLastIndex(({ text }) => isStart(text));
  const since = lines.slice(at + 1);
  const errors = since.filter(isError);
  const ran = at >= 0 && ready.test(lines[at]?.text ?? '');
  if (!ran) return errors[0];
  if (since.some(({ text }) => ended.test(text))) return undefined;
  return errors.find(({ text }) => isCrash(text)) ?? errors.at(-1);
}
