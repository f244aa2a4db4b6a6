// The types of a followed log, and the words for its events.
import type { LogLine } from '../../host/facts.ts';
import type { LogFinder, LogOpening } from '../../host/log/log-stream.ts';
import type { Trouble } from '../../remote/failure.ts';

export type LogEventKind =
  | Exclude<LogOpening, 'start'>
  | 'absent'
  | 'unreadable'
  /** Bytes that the host skipped; lines that were not kept here. */
  | 'skipped'
  | 'dropped'
  /** Lines that were logged while the connection was lost, and did not come again. */
  | 'gap'
  /** The connection to the host. */
  | 'lost';

/** A line of the log; or, with `event`, a line about the log, in its place among the others. */
export interface LogEntry extends LogLine {
  readonly event?: LogEventKind;
}

export type LogState =
  | { readonly state: 'opening' | 'following' }
  /** With `retryAtMs` (milliseconds since 1970) it retries by itself. */
  | { readonly state: 'failed'; readonly failure: Trouble; readonly retryAtMs?: number }
  /** Closed from here, or everything that was asked for has come. */
  | { readonly state: 'ended' };

/** What came since the last update. */
export interface LogUpdate {
  readonly link: LogState;
  readonly path?: string;
  readonly foundBy?: LogFinder;
  /** Of the host, for times that name no zone. */
  readonly utcOffsetSeconds?: number;
  readonly entries: readonly LogEntry[];
  readonly droppedLines: number;
  readonly skippedBytes: number;
}

const eventTexts: Readonly<Record<Exclude<LogEventKind, 'skipped' | 'dropped' | 'gap' | 'lost'>, string>> = {
  resumed: 'connected again: it goes on where it stopped',
  changed: 'connected again: the file lost its end or was emptied meanwhile; its last lines follow',
  again: 'connected again: its last lines follow, without those that were shown',
  created: 'the file is there now',
  rotated: 'rotated: a new file begins',
  truncated: 'the file was emptied',
  absent: 'there is no file at its place: waiting for one',
  unreadable: 'what is at its place cannot be read as a file: waiting for one',
};

export function eventEntry(event: keyof typeof eventTexts): LogEntry {
  return { event, text: eventTexts[event] };
}

export function skippedEntry(bytes: number): LogEntry {
  const text = `${bytes.toLocaleString('en')} bytes left out on the host: the log grows faster than it is sent`;
  return { event: 'skipped', text };
}

export function droppedEntry(lines: number): LogEntry {
  const text = `${lines.toLocaleString('en')} lines left out here: they came faster than a person reads`;
  return { event: 'dropped', text };
}

export function gapEntry(lines: number): LogEntry {
  const text = `lines may be missing here: the last ${lines} follow, and none that was shown before is among them`;
  return { event: 'gap', text };
}

export function lostEntry({ message }: Trouble): LogEntry {
  return { event: 'lost', text: `${message}; trying again` };
}
