// Which lines of a host's error log the operator has not read yet. Pure.
//
// An operator on call wants to see what was logged on any host since they last looked, and nothing that they know
// already. An error is unread until it was on the screen, was marked as seen, or its replication runs again. Errors
// from more than an hour before the watch began (store.ts) are history. A report of corrupt data is an alert until it
// is marked, however old it is.

import type { ErrorLogTail, LogLine } from '../../host/facts.ts';
import { isCorruption } from '../../host/log/corruption.ts';
import { isBesideCrash, isFault } from '../../host/log/error-log.ts';
import { stampMs } from '../../host/log/stamp.ts';
import { isReady, messageOf } from '../../host/log/stop-reason.ts';
import { lineBrief } from '../../host/server/error-brief.ts';
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
  // The crash itself tells more than systemd's lines about it.
  const last = lines.findLast(({ text }) => !isBesideCrash(text)) ?? lines.at(-1);
  if (!last) return [];
  const { kind, level, words } = said(last);
  const others = lines.length > 1 ? ` (and ${lines.length - 1} more)` : '';
  const atMs = loggedAtMs(last, picture);
  const message = messageOf(last);
  const text = `${words}: ${message}${others}`;
  const brief = lineBrief(message);
  const reason = kind === 'corruption' ? `${words}: ${brief}` : brief;
  return [{ kind, level, text, reason, ...(atMs !== undefined && { sinceMs: atMs }) }];
}

/** Whether the server started after this line. Other data may be in place since; if it is not, the server reports it again. */
function hasStartedSince(line: LogLine, picture: HostPicture): boolean {
  const { report } = picture;
  if (!report.errorLog?.ok) return false;
  const { lines } = report.errorLog.value;
  const key = lineKey(line);
  const at = lines.findLastIndex((one) => lineKey(one) === key);
  if (lines.findLastIndex(({ text }) => isReady(text)) > at) return true;
  // A line above the tail is judged by its time.
  return at < 0 && startedMs(picture) > (loggedAtMs(line, picture) ?? Number.POSITIVE_INFINITY);
}

/** By this machine's clock; -Infinity where it is unknown. */
function startedMs({ report: { server }, partAtMs }: HostPicture): number {
  const uptimeSeconds = server?.ok ? server.value.uptimeSeconds : undefined;
  const atMs = partAtMs.server;
  return uptimeSeconds === undefined || atMs === undefined ? Number.NEGATIVE_INFINITY : atMs - uptimeSeconds * 1000;
}

/** The key that tells one line from another: its text, which includes the server's stamp. */
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

/** Adds a tail of the log. In the first tail, lines older than the watch are history. */
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

/** Adds the lines that were on the screen. Returns the same object where none of them is new. */
export function withSeen(look: Look, lines: readonly LogLine[]): Look {
  const fresh = lines
    .filter(isFault)
    .map(lineKey)
    .filter((key) => !look.seen.has(key));
  return fresh.length === 0 ? look : { ...look, seen: newest([...look.seen, ...fresh]) };
}

/** Marks every line that the log has had until now as seen. */
export function allSeen({ look, report }: HostPicture): Look {
  const lines = report.errorLog?.ok ? report.errorLog.value.lines : [];
  return { ...withSeen(look, lines), marked: newest([...look.marked, ...look.corruption.map(lineKey)]) };
}

const corruptionAtMost = 50;
const keysAtMost = 5000;
const newest = (keys: readonly string[]): ReadonlySet<string> => new Set(keys.slice(-keysAtMost));

/** By this machine's clock. The host's clock may be wrong, and it stamps the log all the same. */
function loggedAtMs({ time }: LogLine, { report, partAtMs }: HostPicture): number | undefined {
  const system = report.system?.ok ? report.system.value : undefined;
  const ms = time === undefined ? Number.NaN : stampMs(time, system?.utcOffsetSeconds ?? 0);
  const aheadMs = system && partAtMs.system !== undefined ? inMinutes(system.clockMs - partAtMs.system) : 0;
  return Number.isNaN(ms) ? undefined : ms - aheadMs;
}

/** The report's own travel time differs at each poll and is no fault of the clock, so it is rounded away. */
const inMinutes = (ms: number) => Math.round(ms / 60_000) * 60_000;
