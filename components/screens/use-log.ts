// The error log of the host that is open; what was seen of it is no alert any more.
import { useCallback, useEffect } from 'react';
import type { LogView } from '../../src/fleet/log-follow.ts';
import type { LogStore } from '../panes/log-store.ts';
import { useFollow } from '../panes/use-follow.ts';
import { useServices } from '../services.ts';

export function useLog(host: string, store: LogStore): LogView {
  const { followLog, markLooked } = useServices();
  const open = useCallback(() => followLog(host), [followLog, host]);
  const live = useFollow(open, store);
  const isSeen = live.state === 'following' && live.entries.length > 0;
  useEffect(() => {
    if (!isSeen) return undefined;
    markLooked(host);
    // And what came while the screen was open.
    return () => markLooked(host);
  }, [isSeen, host, markLooked]);
  return live;
}
