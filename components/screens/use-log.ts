// The error log of the host that is open: followed while its screen is there, and then no longer.
import { useEffect } from 'react';
import { useStore } from 'zustand';
import type { LogFollow, LogView } from '../../src/fleet/log-follow.ts';
import { useServices } from '../services.ts';
import { type HostViewStore, liveLog } from './host-view.ts';

/** Gives the log as it is now, and draws anew when it changes. */
export function useLog(host: string, store: HostViewStore): LogView {
  const { followLog, markLooked } = useServices();
  const follow = useStore(store, (view) => view.follow);

  useEffect(() => {
    let opened: LogFollow | undefined;
    let left = false;
    const close = (log: LogFollow) => void log.close();
    followLog(host).then((log) => {
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
  }, [host, store, followLog]);

  const live = useStore(follow?.view ?? unopened(store));
  const isSeen = live.state === 'following' && live.entries.length > 0;
  useEffect(() => {
    if (!isSeen) return undefined;
    markLooked(host);
    // And what came while the screen was open.
    return () => markLooked(host);
  }, [isSeen, host, markLooked]);
  return live;
}

/** A store that stands still. */
function unopened(store: HostViewStore) {
  const getState = () => liveLog({ ...store.getState(), follow: undefined });
  return { getState, getInitialState: getState, subscribe: () => () => undefined };
}
