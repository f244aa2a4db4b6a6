// A followed log in a store of its own, for a screen: the newest lines, and the state of the connection.
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { LogFinder } from '../../host/log/log-stream.ts';
import type { Trouble } from '../../remote/failure.ts';
import { type LogSource, readLog } from './reader.ts';
import type { LogEntry, LogState, LogUpdate } from './view.ts';

/** The most lines that are kept. */
export const ringLines = 5000;

/** The most lines of one batch: ten thousand a second are more than a person reads. */
const batchLines = 1000;

export interface LogView {
  readonly state: LogState['state'];
  /** Only while it failed. */
  readonly failure?: Trouble;
  /** When the next try is due, in milliseconds since 1970. */
  readonly retryAtMs?: number;
  readonly path?: string;
  readonly foundBy?: LogFinder;
  /** The newest entries, oldest first. */
  readonly entries: readonly LogEntry[];
  /** How many entries came before these: `entries[i]` is number `firstIndex + i` as long as it is kept. */
  readonly firstIndex: number;
  /** Lines that came too fast to be kept. */
  readonly droppedLines: number;
  /** Bytes of the log that the host skipped. */
  readonly skippedBytes: number;
}

export interface LogFollow {
  readonly view: StoreApi<LogView>;
  /** Ends the reading on the host. */
  close(): Promise<void>;
}

/** `lines`: a thousand at the most. */
export type FollowOptions = Omit<LogSource, 'follow' | 'limit' | 'whenFull'>;

/** The view before anything was read. */
export const nothingYet: LogView = {
  state: 'opening',
  entries: [],
  firstIndex: 0,
  droppedLines: 0,
  skippedBytes: 0,
};

export function followLog(options: FollowOptions): LogFollow {
  const view = createStore(() => nothingYet);
  const reading = readLog({ ...options, follow: true, limit: batchLines, whenFull: 'drop' }, (update) =>
    view.setState((before) => withUpdate(before, update), true),
  );
  return { view, close: () => reading.close() };
}

/** The view after an update. */
export function withUpdate(before: LogView, update: LogUpdate): LogView {
  const all = update.entries.length > 0 ? [...before.entries, ...update.entries] : before.entries;
  const over = Math.max(0, all.length - ringLines);
  const { path = before.path, foundBy = before.foundBy } = update;
  return {
    ...linkOf(update.link),
    ...(path !== undefined && { path }),
    ...(foundBy !== undefined && { foundBy }),
    entries: over > 0 ? all.slice(over) : all,
    firstIndex: before.firstIndex + over,
    droppedLines: before.droppedLines + update.droppedLines,
    skippedBytes: before.skippedBytes + update.skippedBytes,
  };
}

function linkOf(link: LogState): Pick<LogView, 'state' | 'failure' | 'retryAtMs'> {
  if (link.state !== 'failed') return { state: link.state };
  const { state, failure, retryAtMs } = link;
  return { state, failure, ...(retryAtMs !== undefined && { retryAtMs }) };
}
