// The fleet: a row a host, its worst alert, and the servers that are not in the inventory. The cells' text is in
// cells.ts and columns.ts, the columns' places in layout.ts, the choice of rows in rows.ts, the keys in keys.ts.
import { type ReactNode, useMemo, useRef } from 'react';
import { useStore } from 'zustand';
import { stateOf } from '../../../src/fleet/badges.ts';
import type { DiscoveredServer } from '../../../src/fleet/picture.ts';
import { discoveryText } from '../../../src/fleet/topology/discovery.ts';
import { Table } from '../../base/Table.tsx';
import { type Span, signsOf, useLook } from '../../base/theme.ts';
import { topFor, Viewport } from '../../base/Viewport.tsx';
import { fitSpans } from '../../base/width.ts';
import { useNow } from '../../clock.ts';
import { useHandlers } from '../../handlers.ts';
import { useClicks } from '../../mouse/clicks.ts';
import { unfinishedByHost } from '../../panes/job/job-words.ts';
import { changeList } from '../../screen-store.ts';
import { useServices } from '../../services.ts';
import { useCursor, whyNoRow } from '../list/cursor.ts';
import { noRowLines } from '../list/layout.ts';
import { plainRow, rowMargin } from '../list/margin.ts';
import { isMarked, useMarksOfGone } from '../list/marks.ts';
import type { Scene } from './cells.ts';
import { detailHeightOf, detailLines } from './details.ts';
import { fleetHandlers } from './keys.ts';
import { LinearFleet } from './LinearFleet.tsx';
import { headLine, layoutOf, rowLine } from './layout.ts';
import { allRows, fleetRows, leftNow } from './rows.ts';
import { edgesOf } from './tree.ts';

export interface ScreenProps {
  /** The size of the screen in cells and lines. */
  readonly width: number;
  readonly height: number;
}

export function FleetScreen({ width, height }: ScreenProps): ReactNode {
  const services = useServices();
  const look = useLook();
  const picture = useStore(services.fleet);
  const view = useStore(services.screens, (state) => state.fleet);
  const allJobs = useStore(services.jobs.store, (state) => state.jobs);
  const jobs = useMemo(() => unfinishedByHost(allJobs), [allJobs]);
  useStore(services.schedules.store, (state) => state.planned);
  const left = leftNow(services);
  const rows = useMemo(() => fleetRows(picture, view, left), [picture, view, left]);
  const ages = jobs.size > 0 || picture.hosts.some(({ link }) => link.state === 'failed' || link.state === 'silent');
  const nowMs = useNow(ages);
  const proofs = useMemo(
    () => allJobs.flatMap(({ job }) => (['proof', 'row-proof', 'seed'].includes(job.plan.kind) ? [job] : [])),
    [allJobs],
  );
  const hosts = useMemo(() => rows.flatMap((row) => (row.kind === 'host' ? [row.picture] : [])), [rows]);
  const edges = useMemo(() => (view.tree ? edgesOf(hosts, look) : undefined), [view.tree, hosts, look]);
  const scene: Scene = { nowMs, look, jobs, left, proofs, ...(edges && { edges }) };
  const chosen = useStore(services.screens, (state) => state.columns.fleet);
  const layout = layoutOf({ rows: hosts, scene, sort: view.sort, width, chosen });

  const { cursor, marks } = view;
  useMarksOfGone(services.screens, {
    list: 'fleet',
    marks,
    all: () => allRows(picture),
  });
  const selected = useCursor(rows, {
    cursor,
    // Else it would be left on a host that is none of the worst, with the worst above the window.
    settled: view.sort.column === undefined || !picture.hosts.some((one) => stateOf(one) === 'asking'),
    place: (at) => changeList(services.screens, 'fleet', { cursor: at }),
  });
  const detailHeight = detailHeightOf(height, rows.length);
  const listHeight = Math.max(1, height - 1 - detailHeight);
  const top = useRef(0);
  top.current = topFor(cursor?.index ?? 0, top.current, listHeight, rows.length);
  useHandlers(fleetHandlers(services, listHeight));
  useClicks({
    rows,
    first: 1,
    top: top.current,
    height: listHeight,
    place: (at) => changeList(services.screens, 'fleet', { cursor: at }),
  });

  const none = whyNoRow('fleet', rows, view);
  if (look.linear) return <LinearFleet {...{ rows, selected, marks, none, scene, height }} />;
  const row = rows[selected];
  const details = row ? detailLines(row, detailHeight, scene, width) : noRowLines(none, width).slice(0, detailHeight);
  return (
    <>
      <Table
        head={headLine(layout, view.sort, look, width)}
        count={rows.length}
        top={top.current}
        height={height - detailHeight}
        selected={selected}
        rowAt={(index) => {
          const row = rows[index];
          if (!row) return [];
          return row.kind === 'host'
            ? rowLine(layout, row.picture, { selected: index === selected, marked: isMarked(marks, row) }, scene)
            : foundLine(row.server, index === selected, scene, width);
        }}
      />
      <Viewport count={details.length} top={0} height={detailHeight} lineAt={(index) => details[index] ?? []} />
    </>
  );
}

function foundLine(server: DiscoveredServer, selected: boolean, { look }: Scene, width: number): readonly Span[] {
  const { ellipsis } = signsOf(look);
  const margin = rowMargin({ ...plainRow, selected }, look);
  return fitSpans([...margin, { text: `+ ${discoveryText(server)}`, tone: 'dim' }], width, ellipsis);
}
