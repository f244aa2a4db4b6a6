// A followed log and its view: one small store while its screen is open. Fast keys read and change it before the next
// draw.
import { createStore, type StoreApi } from 'zustand/vanilla';
import { type LogFollow, type LogView, nothingYet } from '../../../src/fleet/log/follow.ts';
import { firstLook, type LogLook } from './state.ts';

export interface HeldLog {
  readonly log: LogLook;
  /** Absent until the log is opened. */
  readonly follow: LogFollow | undefined;
}

export type LogStore = StoreApi<HeldLog>;

export function createLogStore(): LogStore {
  return createStore<HeldLog>(() => ({ log: firstLook, follow: undefined }));
}

/** The log's present state. */
export const liveLog = ({ follow }: HeldLog): LogView => follow?.view.getState() ?? nothingYet;

export function changeLog(store: LogStore, change: (look: LogLook, live: LogView) => LogLook): void {
  store.setState((held) => ({ log: change(held.log, liveLog(held)) }));
}
