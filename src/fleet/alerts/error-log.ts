// What in a host's error log the operator has not read yet. Pure.
//
// An operator on call wants to see what was logged since they last looked, on whichever host, and nothing that they know of
// already. An error is unread until it was on the screen, was marked as seen, or the replication that it tells of runs again; errors from
// more than an hour before the watch began (store.ts) are history. A report of corrupt data is an alert until it is marked, however old it is.

import type { ErrorLogTail, LogLine } from '../../host/facts.ts';
import { isCorruption } from '../../host/log/corruption.ts';
import { isBesideCrash, isFault } from '../../host/log/error-log.ts';
import { isReady, messageOf } from '../../host/log/stop-reason.ts';
import type { Alert, HostPicture, Look } from '../picture.ts';
import { isReplicationAgain } from './ended.ts';

export function errorLogAlerts(picture: HostPicture): Alert[] {
  const { marked, corruption } = picture.look;
  return [
    ...linesAlert(
      picture,
      corruption.filter((line) => !marked.has(lineKey(line))),
      (line) => ({
        kind: 'corruption',
        level: hasStartedSince(line, picture) ? 'warning' : 'critical',
        words: 'corruption',
      }),
    ),
    ...linesAlert(picture, unreadErrors(picture), () => ({ kind: 'errorLog', level: 'warning', words: 'error log' })),
  ];
}

type Said = Pick<Alert, 'kind' | 'level'> & { readonly words: string };

function linesAlert(picture: HostPicture, lines: readonly LogLine[], said: (line: LogLine) => Said): Alert[] {
  // A crash says more than systemd's words about it.
  const last = lines.findLast(({ text }) => !isBesideCrash(text)) ?? lines.at(-1);
  if (!last) return [];
  const { kind, level, words } = said(last);
  const others = lines.length > 1 ? ` (and ${lines.length - 1} more)` : '';
  const atMs = loggedAtMs(last, picture);
  const text = `${words}: ${messageOf(last)}${others}`;
  return [{ kind, level, text, ...(atMs !== undefined && { sinceMs: atMs }) }];
}

/** Other data may be in place since the server was started anew; where it is not, the server says so again. */
function hasStartedSince(line: LogLine, picture: HostPicture): boolean {
  const { report } = picture;
  if (!report.errorLog?.ok) return false;
  const { lines } = report.errorLog.value;
  const key = lineKey(line);
  const at = lines.findLastIndex((one) => lineKey(one) === key);
  if (lines.findLastIndex(({ text }) => isReady(text)) > at) return true;
  // Of a line further up its time tells.
  return at < 0 && startedMs(picture) > (loggedAtMs(line, picture) ?? Number.POSITIVE_INFINITY);
}

/** By this machine's clock; before all times where that is not known. */
function startedMs({ report: { server }, partAtMs }: HostPicture): number {
  const uptimeSeconds = server?.ok ? server.value.uptimeSeconds : undefined;
  const atMs = partAtMs.server;
  return uptimeSeconds === undefined || atMs === undefined ? Number.NEGATIVE_INFINITY : atMs - uptimeSeconds * 1000;
}

/** What tells a line from others: the server's stamp is in its text. */
export const lineKey = ({ text }: LogLine): string => text;

function unreadErrors({ report, look }: HostPicture): readonly LogLine[] {
  if (!report.errorLog?.ok) return [];
  return report.errorLog.value.lines.filter(
    (line) =>
      isFault(line) && !isCorruption(line) && !look.seen.has(lineKey(line)) && !isReplicationAgain(line, report),
  );
}

/** Whether the operator has something to mark as seen. */
export const hasUnread = (picture: HostPicture): boolean => errorLogAlerts(picture).length > 0;

/** With a tail of the log: of the first one, what is older than the watch is history. */
export function withTail(picture: HostPicture, { lines, damage = [] }: ErrorLogTail, isFirst: boolean): Look {
  const { look } = picture;
  const known = new Set(look.corruption.map(lineKey));
  const reports = new Map([...damage, ...lines.filter(isCorruption)].map((line) => [lineKey(line), line]));
  const corruption = [...reports].filter(([key]) => !known.has(key)).map(([, line]) => line);
  // A line without a time that can be read may be new.
  const isHistory = (line: LogLine) =>
    isFault(line) && (loggedAtMs(line, picture) ?? Number.POSITIVE_INFINITY) <= look.sinceMs;
  const history = isFirst ? lines.filter(isHistory) : [];
  if (corruption.length === 0 && history.length === 0) return look;
  return {
    ...look,
    seen: newest([...look.seen, ...history.map(lineKey)]),
    corruption: [...look.corruption, ...corruption].slice(-corruptionAtMost),
  };
}

/** What was on the screen. The same object where nothing of it is new. */
export function withSeen(look: Look, lines: readonly LogLine[]): Look {
  const fresh = lines
    .filter(isFault)
    .map(lineKey)
    .filter((key) => !look.seen.has(key));
  return fresh.length === 0 ? look : { ...look, seen: newest([...look.seen, ...fresh]) };
}

/** All that the log has said until now. */
export function allSeen({ look, report }: HostPicture): Look {
  const lines = report.errorLog?.ok ? report.errorLog.value.lines : [];
  return { ...withSeen(look, lines), marked: newest([...look.marked, ...look.corruption.map(lineKey)]) };
}

const corruptionAtMost = 50;
const keysAtMost = 5000;
const newest = (keys: readonly string[]): ReadonlySet<string> => new Set(keys.slice(-keysAtMost));

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
