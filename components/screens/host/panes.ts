// The panes of facts of a host, made and placed: in one column, or side by side where there is room. Pure.
import type { Course } from '../../../src/fleet/course.ts';
import type { HostPicture } from '../../../src/fleet/picture.ts';
import type { JobView } from '../../../src/job/journal/watch.ts';
import { shortDuration } from '../../../src/text/amounts.ts';
import type { Look } from '../../base/theme.ts';
import { diskPane } from '../../panes/disk-lines.ts';
import type { PaneScene, PaneText } from '../../panes/fields.ts';
import { dataChangedMs } from '../../panes/job/job-words.ts';
import { jobsPane } from '../../panes/job/jobs-lines.ts';
import { mysqlPane } from '../../panes/mysql-lines.ts';
import { fittingLines } from '../../panes/pane-table.ts';
import { replicationPane } from '../../panes/replication-lines.ts';
import { snapshotPane } from '../../panes/snapshot-lines.ts';
import { areas, shared } from './layout.ts';
import type { PaneName } from './view.ts';

export interface PlacedPane {
  readonly name: PaneName;
  readonly pane: PaneText;
  /** Height in lines of the screen, with the title; 0: the pane does not fit. */
  readonly height: number;
}

export interface PlacedColumn {
  readonly width: number;
  readonly panes: readonly PlacedPane[];
}

export interface Placed {
  readonly columns: readonly PlacedColumn[];
  readonly factLines: number;
  readonly logLines: number;
}

interface Room {
  readonly width: number;
  readonly height: number;
  readonly focused: PaneName;
  /** The pane in focus alone. */
  readonly zoomed: boolean;
  readonly nowMs: number;
  readonly look: Look;
  /** The jobs of this host. */
  readonly jobs: readonly JobView[];
  readonly course?: Course | undefined;
}

type FactName = Exclude<PaneName, 'log'>;
type Maker = (picture: HostPicture, scene: PaneScene, jobs: readonly JobView[]) => PaneText;

const makers: Readonly<Record<FactName, Maker>> = {
  mysql: mysqlPane,
  replication: replicationPane,
  disk: diskPane,
  snapshots: snapshotPane,
  jobs: (_, scene, jobs) => jobsPane(jobs, scene),
};

const inColumns: readonly (readonly (readonly FactName[])[])[] = [
  [['mysql', 'replication', 'disk', 'snapshots', 'jobs']],
  [
    ['mysql', 'replication'],
    ['disk', 'snapshots', 'jobs'],
  ],
];

export function placedPanes(picture: HostPicture, room: Room): Placed {
  const { width, height, focused, zoomed, nowMs, look, jobs, course } = room;
  if (zoomed && focused === 'log') return { columns: [], factLines: 0, logLines: height };
  const alone = zoomed && focused !== 'log' ? focused : undefined;
  const columns = alone === undefined && !look.linear ? columnsFor(width) : 1;
  const changedMs = dataChangedMs(jobs, picture.host.name);
  const { link } = picture;
  const away =
    link.state === 'failed' && (link.failure.kind === 'sudo' ? 'sudo refuses there' : 'the host is unreachable');
  const unasked = away || unaskedText(link, nowMs);
  const names = alone === undefined ? (inColumns[columns - 1] ?? []) : [[alone]];
  const made = names.map((names, index) => {
    const cells = index === 0 ? width - Math.floor(width / columns) * (columns - 1) : Math.floor(width / columns);
    const scene: PaneScene = {
      nowMs,
      look,
      width: cells,
      unasked,
      ...(course && { course }),
      ...(changedMs !== undefined && { dataChangedMs: changedMs }),
    };
    return { width: cells, panes: names.map((name) => ({ name, pane: makers[name](picture, scene, jobs) })) };
  });
  const wanted = made.map(({ panes }) => panes.map(({ pane }) => ({ lines: pane.lines.length + 1, least: 1 })));
  const most = Math.max(...wanted.map((panes) => panes.reduce((sum, { lines }) => sum + lines, 0)));
  const { factLines, logLines } =
    alone === undefined ? areas(columns, height, most, focused === 'log') : { factLines: height, logLines: 0 };
  return {
    factLines,
    logLines,
    columns: made.map((column, at) => {
      const focus = column.panes.findIndex(({ name }) => name === focused);
      const heights = shared(wanted[at] ?? [], focus, factLines);
      const panes = column.panes.map(({ name, pane }, index) => {
        const lines = heights[index] ?? 0;
        return { name, pane: fittingLines(pane, lines - 1), height: lines };
      });
      return { ...column, panes };
    }),
  };
}

/** Why there are no facts of a host that is not known to be unreachable. */
function unaskedText(link: HostPicture['link'], nowMs: number): string {
  if (link.state === 'connecting') return `asked ${shortDuration(nowMs - link.sinceMs)} ago, no answer yet`;
  return link.state === 'silent' ? `no answer for ${shortDuration(nowMs - link.sinceMs)}` : 'not asked yet';
}

/** From this width on, panes are side by side. */
const twoColumnsFrom = 110;
const columnsFor = (width: number): number => (width >= twoColumnsFrom ? 2 : 1);
