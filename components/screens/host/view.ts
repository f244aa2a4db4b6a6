// The view of one host: which pane has the keys, and the scroll position of each. One small store while the host is
// open.
import { createStore, type StoreApi } from 'zustand/vanilla';

/** In the order of the tab key. */
export const paneNames = ['mysql', 'replication', 'disk', 'snapshots', 'jobs', 'log'] as const;
export type PaneName = (typeof paneNames)[number];

export interface HostView {
  readonly focused: PaneName;
  /** The pane in focus has the whole screen. */
  readonly zoomed: boolean;
  /** The first shown line of each pane of facts; a value beyond its lines means its end. */
  readonly tops: Readonly<Partial<Record<PaneName, number>>>;
}

export type HostViewStore = StoreApi<HostView>;

export function createHostView(): HostViewStore {
  return createStore<HostView>(() => ({ focused: 'log', zoomed: false, tops: {} }));
}

export function focusNext(store: HostViewStore, step: 1 | -1): void {
  store.setState(({ focused }) => {
    const at = (paneNames.indexOf(focused) + step + paneNames.length) % paneNames.length;
    return { focused: paneNames[at] ?? 'log' };
  });
}
