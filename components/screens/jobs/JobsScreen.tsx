// Every job of this account: running, without a runner, past. A row's text is in list.ts.
import { type ReactNode, useMemo } from 'react';
import { useStore } from 'zustand';
import type { Subjects } from '../../../src/commands/dispatch.ts';
import { isOver } from '../../../src/job/journal/record.ts';
import { proposeAborts, resume, resumeSeveral } from '../../actions.ts';
import { useLook } from '../../base/theme.ts';
import { useNow } from '../../clock.ts';
import type { Handlers } from '../../handlers.ts';
import { openScreen } from '../../screen-store.ts';
import { type Services, useServices } from '../../services.ts';
import { sayingLeft } from '../../several.ts';
import type { ScreenProps } from '../fleet/FleetScreen.tsx';
import { cursorIndex } from '../list/cursor.ts';
import { ListScreen } from '../list/ListScreen.tsx';
import { type JobRow, jobColumns, jobDetails, jobRows, jobsSummary } from './list.ts';

export function JobsScreen({ width, height }: ScreenProps): ReactNode {
  const services = useServices();
  const { jobs, screens } = services;
  const look = useLook();
  const picture = useStore(jobs.store);
  const others = useStore(jobs.others);
  const filter = useStore(screens, (state) => state.jobs.filter);
  const rows = useMemo(() => jobRows(picture, filter, others), [picture, others, filter]);
  const nowMs = useNow([...picture.jobs, ...others.jobs].some(({ job }) => !isOver(job.state)));
  return (
    <ListScreen
      list="jobs"
      width={width}
      height={height}
      rows={rows}
      rowsNow={() => jobsNow(services)}
      rowsWith={(words) => jobsNow(services, words)}
      columns={jobColumns({ nowMs, look })}
      summary={jobsSummary(picture, width, look, others)}
      details={(row, lines) => jobDetails(row, lines, width, look)}
      handlers={jobsHandlers(services)}
    />
  );
}

type Stores = Pick<Services, 'jobs' | 'screens'>;

/** `filter`: another than that of the list. */
export const jobsNow = (
  { jobs, screens }: Stores,
  filter: string = screens.getState().jobs.filter,
): readonly JobRow[] => jobRows(jobs.store.getState(), filter, jobs.others.getState());

/** The job that is under the cursor now. */
function jobUnderCursor({ jobs, screens }: Stores): JobRow | undefined {
  const rows = jobsNow({ jobs, screens });
  return rows[cursorIndex(rows, screens.getState().jobs)];
}

function jobsHandlers(services: Services): Handlers {
  const { screens, copy } = services;
  const onRow = (act: (row: JobRow) => string | undefined) => () => {
    const row = jobUnderCursor(services);
    return row ? act(row) : 'there is no job';
  };
  const rowsOf = ({ on }: Pick<Subjects, 'on'>) =>
    jobsNow(services).filter(({ id }) => on.some(({ row }) => row?.id === id));
  const viewsOf = (subjects: Subjects) => rowsOf(subjects).flatMap(({ view }) => view ?? []);
  return {
    'job.open': onRow((row) => {
      openScreen(screens, { name: 'job', id: row.view?.other ? row.id : Number(row.id) });
      return undefined;
    }),
    'job.abort': (subjects) => proposeAborts(services, viewsOf(subjects), subjects.left),
    'job.resume': (subjects) => {
      const [view, ...more] = viewsOf(subjects);
      if (!view) return 'there is no job';
      return more.length === 0 && subjects.left.length === 0
        ? resume(services, view)
        : resumeSeveral(services, [view, ...more], subjects.left);
    },
    'text.copy': (subjects) => {
      const texts = rowsOf(subjects).map(
        ({ id, view, damaged }) => `job ${id}: ${view ? view.job.plan.title : damaged.damage.message}`,
      );
      return texts.length === 0 ? 'there is no job' : sayingLeft(copy(texts.join('\n')), subjects);
    },
  };
}
