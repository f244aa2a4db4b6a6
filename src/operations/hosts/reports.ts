// Reports of corrupt data that reseed of this account has seen in error logs, kept until they are marked (marks.ts).
// Their alerts stay when a log is rotated, or grows beyond the searched part.
import { z } from 'zod';
import { lineKey } from '../../fleet/alerts/error-log.ts';
import type { FleetPicture, HostPicture } from '../../fleet/picture.ts';
import type { Reports } from '../../fleet/store.ts';
import type { LogLine } from '../../host/facts.ts';
import { parseLogLine } from '../../host/log/error-log.ts';
import { changeKept, type Kept, readKept } from './kept-file.ts';

/** By host name, oldest first. */
export const readReports = (path: string): Reports => reportsIn(readKept(path));

const reportsIn = (kept: Kept): Reports => new Map([...kept].map(([host, lines]) => [host, lines.flatMap(reportIn)]));

/**
 * Keeps the line as it was first read: a long line's end says what was cut off, and would be cut itself if read again.
 * Earlier builds saved only the text.
 */
function reportIn(kept: unknown): LogLine[] {
  if (typeof kept === 'string') return [parseLogLine(kept)];
  const report = keptReport.safeParse(kept);
  if (!report.success) return [];
  const { text, time } = report.data;
  return [{ text, severity: 'error', ...(time !== undefined && { time }) }];
}

/** Every report is an error (isCorruption). */
const keptReport = z.object({ text: z.string(), time: z.string().optional() });

const reportsAtMost = 50;

/** Adds the hosts' reports and leaves out marked ones. Undefined, or why they can't be saved; writes nothing if nothing is new. */
export function keepReports(path: string, { hosts }: Pick<FleetPicture, 'hosts'>): string | undefined {
  const kept = readReports(path);
  if (hosts.every((host) => same(kept.get(host.host.name) ?? [], withReportsOf(host, kept)))) return undefined;
  return changeKept(path, (before) => {
    const all = new Map(reportsIn(before));
    for (const host of hosts) all.set(host.host.name, withReportsOf(host, all));
    return new Map(
      [...all]
        .filter(([, lines]) => lines.length > 0)
        .map(([name, lines]) => [name, lines.map(({ text, time }) => ({ text, time }))]),
    );
  });
}

function withReportsOf({ host, look }: HostPicture, kept: Reports): readonly LogLine[] {
  const all = new Map([...(kept.get(host.name) ?? []), ...look.corruption].map((line) => [lineKey(line), line]));
  return [...all.values()].filter((line) => !look.marked.has(lineKey(line))).slice(-reportsAtMost);
}

const same = (some: readonly LogLine[], others: readonly LogLine[]) =>
  some.length === others.length && some.every((line, at) => lineKey(line) === lineKey(others[at] ?? line));
