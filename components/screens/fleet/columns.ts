// The columns of the fleet: their titles, how each sorts, and when each is shown as old. Pure.
import type { SortColumn } from '../../../src/commands/list.ts';
import { badness, stateOf } from '../../../src/fleet/badges.ts';
import type { HostPicture } from '../../../src/fleet/picture.ts';
import { ageMs, isOld } from '../../../src/fleet/staleness.ts';
import { lagOf } from '../../../src/fleet/topology/lag.ts';
import type { ReportPart } from '../../../src/host/facts.ts';
import { datadirSnapshots } from '../../../src/host/storage/snapshots.ts';
import { shortDuration } from '../../../src/text/amounts.ts';
import type { Cell } from '../../base/Table.tsx';
import { type Span, signsOf } from '../../base/theme.ts';
import { displayWidth, spansWidth, truncateMiddle } from '../../base/width.ts';
import { alertCell } from './alert-cell.ts';
import {
  barCell,
  type CellOf,
  diskCell,
  diskPercent,
  inventoryText,
  lagCell,
  mysqlCell,
  one,
  type Scene,
  snapshotCell,
  unknown,
  versionText,
} from './cells.ts';

export type ColumnName = SortColumn | 'bar';

interface Column {
  readonly title: string;
  readonly align?: 'left' | 'right';
  readonly cell: CellOf;
  /** The parts of the report that it shows. It is drawn as old when one of them is old. */
  readonly parts: readonly ReportPart[];
  /** Undefined: unknown, and last in either direction. */
  readonly sortBy: (picture: HostPicture) => string | number | undefined;
  /** The first press of its key sorts the greatest first. */
  readonly greatestFirst?: true;
}

export const columns: Readonly<Record<ColumnName, Column>> = {
  host: {
    title: 'HOST',
    parts: [],
    cell: (picture, { look }, width) => one(truncateMiddle(picture.host.name, width, signsOf(look).ellipsis), 'strong'),
    sortBy: ({ host }) => host.name,
  },
  cluster: {
    title: 'CLUSTER',
    parts: [],
    cell: inventoryText(({ host }) => host.cluster),
    sortBy: ({ host }) => host.cluster,
  },
  datacenter: {
    title: 'DC',
    parts: [],
    cell: inventoryText(({ host }) => host.datacenter),
    sortBy: ({ host }) => host.datacenter,
  },
  role: {
    title: 'ROLE',
    parts: [],
    cell: ({ role }) => (role === 'unknown' ? unknown : one(role)),
    sortBy: ({ role }) => (role === 'unknown' ? undefined : role),
  },
  version: {
    title: 'VERSION',
    parts: [],
    cell: ({ remembered: { server } }) => (server ? one(versionText(server)) : unknown),
    sortBy: ({ remembered: { server } }) => server && versionText(server),
  },
  mysql: {
    title: 'MYSQL',
    parts: ['service'],
    cell: mysqlCell,
    sortBy: (picture) => badness(stateOf(picture)),
  },
  lag: {
    title: 'LAG',
    parts: ['replication'],
    cell: lagCell,
    sortBy: ({ report }) => (report.replication?.ok ? lagOf(report.replication.value) : undefined),
    greatestFirst: true,
  },
  bar: { title: '', parts: ['disk'], cell: barCell, sortBy: () => undefined },
  disk: {
    title: 'DISK',
    parts: ['disk'],
    cell: diskCell,
    sortBy: diskPercent,
    greatestFirst: true,
  },
  snapshots: {
    title: 'SNAPSHOTS',
    parts: ['lvm'],
    cell: snapshotCell,
    sortBy: ({ report }) => (report.lvm?.ok ? datadirSnapshots(report.lvm.value).length : undefined),
    greatestFirst: true,
  },
  alert: {
    title: 'ALERT',
    parts: [],
    cell: alertCell,
    sortBy: ({ alerts }) => alerts.reduce((sum, { level }) => sum + (level === 'critical' ? 1000 : 1), 0),
    greatestFirst: true,
  },
};

/** Whether the host gives no answer now: its row says so, and since when. */
export const isAway = ({ link }: HostPicture): boolean => link.state === 'failed' || link.state === 'silent';

/** A cell as drawn now: dimmed when it is old. An age is shown whole: a part of the value goes first, or else the age. */
export function cellOf(name: ColumnName, picture: HostPicture, scene: Scene, width: number): Cell {
  const column = columns[name];
  const old = column.parts.filter((part) => isOld(picture, part, scene.nowMs));
  const cell = column.cell(picture, scene, width);
  const away = isAway(picture);
  if (name === 'mysql' || name === 'alert' || name === 'host' || (old.length === 0 && !away)) return cell;
  const dimmed = (spans: Cell) => spans.map((span): Span => ({ ...span, tone: 'dim' }));
  if (name === 'bar' || old.length === 0) return dimmed(cell);
  const age = ` (${shortDuration(Math.max(...old.map((part) => ageMs(picture, part, scene.nowMs) ?? 0)))})`;
  const room = width - displayWidth(age);
  // Of a host that is away the value matters more: the age is about that of the state beside it.
  const beside = away ? cell : column.cell(picture, scene, room);
  return spansWidth(beside) <= room ? [...dimmed(beside), { text: age, tone: 'dim' }] : dimmed(cell);
}
