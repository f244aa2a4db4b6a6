// The error log of the opened host. Errors that were on the screen are no alert any more.
import { useCallback } from 'react';
import { useStore } from 'zustand';
import type { LogView } from '../../../src/fleet/log/follow.ts';
import type { LogEntry } from '../../../src/fleet/log/view.ts';
import type { LogStore } from '../../panes/log/store.ts';
import { useFollow } from '../../panes/log/use-follow.ts';
import { useServices } from '../../services.ts';

export interface HostLog {
  readonly live: LogView;
  /** Called with the drawn entries. */
  readonly onShown: ((entries: readonly LogEntry[]) => void) | undefined;
}

export function useLog(host: string, store: LogStore): HostLog {
  const { followLog, showed, screens } = useServices();
  // An overlay hides the log.
  const isCovered = useStore(screens, ({ overlay }) => overlay !== undefined && overlay.kind !== 'entry');
  const open = useCallback(() => followLog(host), [followLog, host]);
  const live = useFollow(open, store);
  const onShown = useCallback((entries: readonly LogEntry[]) => showed(host, entries), [showed, host]);
  return { live, onShown: isCovered ? undefined : onShown };
}
