// The schedules of the inventory: when each comes next, how it ended last, what waits. A row's text is in list.ts.
import { type ReactNode, useMemo } from 'react';
import { useStore } from 'zustand';
import { proposeRun } from '../../actions.ts';
import { useLook } from '../../base/theme.ts';
import { useNow } from '../../clock.ts';
import type { Handlers } from '../../handlers.ts';
import { openScreen } from '../../screen-store.ts';
import { type Services, useServices } from '../../services.ts';
import type { ScreenProps } from '../fleet/FleetScreen.tsx';
import { cursorIndex } from '../list/cursor.ts';
import { ListScreen } from '../list/ListScreen.tsx';
import {
  lastJobOf,
  type ScheduleRow,
  scheduleColumns,
  scheduleDetails,
  scheduleRows,
  schedulesSummary,
} from './list.ts';

export function SchedulesScreen({ width, height }: ScreenProps): ReactNode {
  const services = useServices();
  const look = useLook();
  const picture = useStore(services.schedules.store);
  const filter = useStore(services.screens, (state) => state.schedules.filter);
  const rows = useMemo(() => scheduleRows(picture, filter), [picture, filter]);
  const nowMs = useNow(true);
  return (
    <ListScreen
      list="schedules"
      width={width}
      height={height}
      rows={rows}
      rowsNow={() => schedulesNow(services)}
      rowsWith={(words) => schedulesNow(services, words)}
      columns={scheduleColumns({ nowMs, look })}
      summary={schedulesSummary(picture, { nowMs, look }, width)}
      details={(row, lines) => scheduleDetails(row, lines, width, { nowMs, look })}
      handlers={schedulesHandlers(services)}
    />
  );
}

type Stores = Pick<Services, 'schedules' | 'screens'>;

/** `filter`: another than that of the list. */
export const schedulesNow = (
  { schedules, screens }: Stores,
  filter: string = screens.getState().schedules.filter,
): readonly ScheduleRow[] => scheduleRows(schedules.store.getState(), filter);

/** The schedule that is under the cursor now. */
function scheduleUnderCursor({ schedules, screens }: Stores): ScheduleRow | undefined {
  const rows = schedulesNow({ schedules, screens });
  return rows[cursorIndex(rows, screens.getState().schedules)];
}

function schedulesHandlers(services: Services): Handlers {
  const { screens, schedules, copy } = services;
  const onRow = (act: (row: ScheduleRow) => string | undefined) => () => {
    const row = scheduleUnderCursor(services);
    return row ? act(row) : 'there is no schedule';
  };
  return {
    'schedule.run': onRow(({ view }) => proposeRun(services, view.schedule)),
    'schedule.switch': onRow(({ view: { schedule, off } }) => schedules.switch(schedule.name, off !== undefined)),
    'job.open': onRow((row) => {
      const id = lastJobOf(row.view);
      if (id === undefined) return `${row.id} has begun no job yet`;
      openScreen(screens, { name: 'job', id });
      return undefined;
    }),
    'text.copy': onRow(({ id }) => copy(id)),
  };
}
