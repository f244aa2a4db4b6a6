// What is seen of one host: which pane has the keys, how far each is scrolled, how its log is looked at. One small store for as
// long as the host is open; keys that were typed fast read and change it before anything is drawn.
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { LogFollow, LogView } from '../../src/fleet/log-follow.ts';
import { firstLook, type LogLook } from '../panes/log-state.ts';

/** In the order of tab. */
export const paneNames = ['mysql', 'replication', 'disk', 'snapshots', 'log'] as const;
export type PaneName = (typeof paneNames)[number];

export interface HostView {
  readonly focused: PaneName;
  /** The first line that is shown of a pane of facts; more than it has counts as its end. */
  readonly tops: Readonly<Partial<Record<PaneName, number>>>;
  readonly log: LogLook;
  /** Absent until the log is opened. */
  readonly follow: LogFollow | undefined;
}

export type HostViewStore = StoreApi<HostView>;

export function createHostView(): HostViewStore {
  return createStore<HostView>(() => ({ focused: 'log', tops: {}, log: firstLook, follow: undefined }));
}

const nothingYet: LogView = {
  state: 'opening',
  entries: [],
  firstIndex: 0,
  droppedLines: 0,
  skippedBytes: 0,
};

/** The log as it is now. */
export const liveLog = ({ follow }: HostView): LogView => follow?.view.getState() ?? nothingYet;

export function changeLog(store: HostViewStore, change: (look: LogLook, live: LogView) => LogLook): void {
  store.setState((view) => ({ log: change(view.log, liveLog(view)) }));
}

export function focusNext(store: HostViewStore, step: 1 | -1): void {
  store.setState(({ focused }) => {
    const at = (paneNames.indexOf(focused) + step + paneNames.length) % paneNames.length;
    return { focused: paneNames[at] ?? 'log' };
  });
}
