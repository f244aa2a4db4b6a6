// The sessions of a host's server, as they are now: asked while this screen is shown, and only then. Nothing here changes them.
import { type ReactNode, useCallback, useEffect, useState } from 'react';
import { useStore } from 'zustand';
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { ProcessesView, ProcessesWatch } from '../../../src/fleet/processes/watch.ts';
import { useLook } from '../../base/theme.ts';
import { useNow } from '../../clock.ts';
import { useServices } from '../../services.ts';
import type { ScreenProps } from '../fleet/FleetScreen.tsx';
import { cursorIndex } from '../list/cursor.ts';
import { ListScreen } from '../list/ListScreen.tsx';
import { sessionColumns, sessionDetails, sessionRows, sessionsSummary } from './list.ts';

interface ProcessesScreenProps extends ScreenProps {
  readonly host: string;
}

export function ProcessesScreen({ host, width, height }: ProcessesScreenProps): ReactNode {
  const services = useServices();
  const { screens, copy, processes } = services;
  const look = useLook();
  const nowMs = useNow(!look.linear);
  const [store] = useState(() =>
    createStore<{ readonly view: ProcessesView; readonly all: boolean }>(() => ({ view: {}, all: false })),
  );
  const open = useCallback(() => processes(host), [processes, host]);
  useWatch(open, store);
  const { view, all } = useStore(store);
  const filter = useStore(screens, (state) => state.processes.filter);
  const rows = sessionRows({ view, all, filter });
  const rowsNow = () => sessionRows({ ...store.getState(), filter: screens.getState().processes.filter });
  return (
    <ListScreen
      list="processes"
      width={width}
      height={height}
      rows={rows}
      rowsNow={rowsNow}
      rowsWith={(words) => sessionRows({ ...store.getState(), filter: words })}
      columns={sessionColumns(look)}
      summary={sessionsSummary(host, { view, all }, { nowMs, look, width })}
      details={(row, lines) => sessionDetails(row, lines, width, look)}
      handlers={{
        'processes.idle': () => {
          store.setState((before) => ({ all: !before.all }));
          return undefined;
        },
        'text.copy': () => {
          const now = rowsNow();
          const row = now[cursorIndex(now, screens.getState().processes)];
          if (!row) return 'no session is under the cursor';
          return copy(row.session.statement ?? row.id);
        },
      }}
    />
  );
}

/** Asks while it is mounted. */
function useWatch(open: () => Promise<ProcessesWatch>, store: StoreApi<{ view: ProcessesView }>): void {
  useEffect(() => {
    let left = false;
    let close: (() => void) | undefined;
    open().then((watch) => {
      const unsubscribe = watch.view.subscribe((view) => store.setState({ view }));
      store.setState({ view: watch.view.getState() });
      close = () => {
        unsubscribe();
        void watch.close();
      };
      // The screen may have been left meanwhile.
      if (left) close();
    });
    return () => {
      left = true;
      close?.();
    };
  }, [open, store]);
}
