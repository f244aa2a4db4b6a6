// Follows a log while its screen is mounted.
import { useEffect } from 'react';
import { useStore } from 'zustand';
import type { LogFollow, LogView } from '../../../src/fleet/log/follow.ts';
import { type LogStore, liveLog } from './store.ts';

/** Returns the log's present state, and draws again when it changes. `open` must stay the same function for the same log. */
export function useFollow(open: () => Promise<LogFollow>, store: LogStore): LogView {
  const follow = useStore(store, (held) => held.follow);

  useEffect(() => {
    let opened: LogFollow | undefined;
    let left = false;
    const close = (log: LogFollow) => void log.close();
    open().then((log) => {
      opened = log;
      // The screen may have been closed meanwhile.
      if (left) close(log);
      else store.setState({ follow: log });
    });
    return () => {
      left = true;
      store.setState({ follow: undefined });
      if (opened) close(opened);
    };
  }, [store, open]);

  return useStore(follow?.view ?? unopened(store));
}

/** A store that never changes. */
function unopened(store: LogStore) {
  const getState = () => liveLog({ ...store.getState(), follow: undefined });
  return { getState, getInitialState: getState, subscribe: () => () => undefined };
}
