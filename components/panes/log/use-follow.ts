// A log that is followed while its screen is there, and then no longer.
import { useEffect } from 'react';
import { useStore } from 'zustand';
import type { LogFollow, LogView } from '../../../src/fleet/log/follow.ts';
import { type LogStore, liveLog } from './store.ts';

/** Gives the log as it is now, and draws anew when it changes. `open` has to stay the same function for the same log. */
export function useFollow(open: () => Promise<LogFollow>, store: LogStore): LogView {
  const follow = useStore(store, (held) => held.follow);

  useEffect(() => {
    let opened: LogFollow | undefined;
    let left = false;
    const close = (log: LogFollow) => void log.close();
    open().then((log) => {
      opened = log;
      // The screen may have been left meanwhile.
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

/** A store that stands still. */
function unopened(store: LogStore) {
  const getState = () => liveLog({ ...store.getState(), follow: undefined });
  return { getState, getInitialState: getState, subscribe: () => () => undefined };
}
