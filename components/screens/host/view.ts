// What is seen of one host: which pane has the keys, how far each is scrolled. One small store for as long as the host is open.
import { createStore, type StoreApi } from 'zustand/vanilla';

/** In the order of tab. */
export const paneNames = ['mysql', 'replication', 'disk', 'snapshots', 'jobs', 'log'] as const;
export type PaneName = (typeof paneNames)[number];

export interface HostView {
  readonly focused: PaneName;
  /** The first line that is shown of a pane of facts; more than it has counts as its end. */
  readonly tops: Readonly<Partial<Record<PaneName, number>>>;
}

export type HostViewStore = StoreApi<HostView>;

export function createHostView(): HostViewStore {
  return createStore<HostView>(() => ({ focused: 'log', tops: {} }));
}

export function focusNext(store: HostViewStore, step: 1 | -1): void {
  store.setState(({ focused }) => {
    const at = (paneNames.indexOf(focused) + step + paneNames.length) % paneNames.length;
    return { focused: paneNames[at] ?? 'log' };
  });
}
