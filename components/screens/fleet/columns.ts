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
import { spansWidth, truncateMiddle } from '../../base/width.ts';
import { alertCell } from './alert-cell.ts';
import {
  barForms,
  diskForms,
  diskPercent,
  type FormsOf,
  inventoryText,
  lagCell,
  mysqlCell,
  one,
  type Scene,
  snapshotForms,
  unknown,
  versionText,
} from './cells.ts';

export type ColumnName = SortColumn | 'bar';

interface Column {
  readonly title: string;
  readonly align?: 'left' | 'right';
  readonly forms: FormsOf;
  /** What the width of each form is worth (layout.ts). A further form, such as one with the age of an old value, is worth little. */
  readonly worths: readonly number[];
  /** A text: as much of it as fits `width`. Absent: one of its forms is shown, and none is cut. */
  readonly within?: (picture: HostPicture, scene: Scene, width: number) => Cell;
  /** The parts of the report that it shows. It is drawn as old when one of them is old. */
  readonly parts: readonly ReportPart[];
  /** Undefined: unknown, and last in either direction. */
  readonly sortBy: (picture: HostPicture) => string | number | undefined;
  /** The first press of its key sorts the greatest first. */
  readonly greatestFirst?: true;
}

/** Host names differ at their ends. */
const cutInMiddle =
  (forms: FormsOf) =>
  (picture: HostPicture, scene: Scene, width: number): Cell =>
    (forms(picture, scene)[0] ?? []).map(({ text, ...span }) => ({
      ...span,
      text: truncateMiddle(text, width, signsOf(scene.look).ellipsis),
    }));

/** In a tree below its source. */
const nameForms: FormsOf = ({ host }, { edges }) => {
  const [before = '', behind = ''] = edges?.get(host.name) ?? [];
  return [one(`${before}${host.name}${behind}`, 'strong')];
};
const clusterForms = inventoryText(({ host }) => host.cluster);
const datacenterForms = inventoryText(({ host }) => host.datacenter);

/**
 * Worths are compared in layout.ts with those of the alert. Which host is in trouble and why comes first. What the operator knows by heart,
 * as the cluster and the version, is left out first.
 */
export const columns: Readonly<Record<ColumnName, Column>> = {
  host: {
    title: 'HOST',
    parts: [],
    forms: nameForms,
    worths: [1000],
    within: cutInMiddle(nameForms),
    sortBy: ({ host }) => host.name,
  },
  cluster: {
    title: 'CLUSTER',
    parts: [],
    forms: clusterForms,
    worths: [25],
    within: cutInMiddle(clusterForms),
    sortBy: ({ host }) => host.cluster,
  },
  datacenter: {
    title: 'DC',
    parts: [],
    forms: datacenterForms,
    worths: [45],
    within: cutInMiddle(datacenterForms),
    sortBy: ({ host }) => host.datacenter,
  },
  role: {
    title: 'ROLE',
    parts: [],
    forms: ({ role }) => [role === 'unknown' ? unknown : one(role)],
    worths: [78],
    sortBy: ({ role }) => (role === 'unknown' ? undefined : role),
  },
  version: {
    title: 'VERSION',
    parts: [],
    forms: ({ remembered: { server } }) => [server ? one(versionText(server)) : unknown],
    worths: [30],
    sortBy: ({ remembered: { server } }) => server && versionText(server),
  },
  mysql: {
    title: 'MYSQL',
    parts: ['service'],
    forms: (picture, scene) => [mysqlCell(picture, scene)],
    worths: [900],
    sortBy: (picture) => badness(stateOf(picture)),
  },
  lag: {
    title: 'LAG',
    parts: ['replication'],
    forms: (picture, scene) => [lagCell(picture, scene)],
    worths: [90],
    sortBy: ({ report }) => (report.replication?.ok ? lagOf(report.replication.value) : undefined),
    greatestFirst: true,
  },
  bar: { title: '', parts: ['disk'], forms: barForms, worths: [10, 6], sortBy: () => undefined },
  disk: {
    title: 'DISK',
    parts: ['disk'],
    forms: diskForms,
    worths: [80, 58],
    sortBy: diskPercent,
    greatestFirst: true,
  },
  snapshots: {
    title: 'SNAPSHOTS',
    parts: ['lvm'],
    forms: snapshotForms,
    worths: [50, 48, 12],
    sortBy: ({ report }) => (report.lvm?.ok ? datadirSnapshots(report.lvm.value).length : undefined),
    greatestFirst: true,
  },
  alert: {
    title: 'ALERT',
    parts: [],
    forms: (picture, scene) => [alertCell(picture, scene, Number.POSITIVE_INFINITY)],
    worths: [100],
    within: alertCell,
    // rows.ts has the order.
    sortBy: () => undefined,
    greatestFirst: true,
  },
};

/** Whether the host gives no answer now: its row says so, and since when. */
const isAway = ({ link }: HostPicture): boolean => link.state === 'failed' || link.state === 'silent';

/** A cell as drawn now, in at most `width` cells. */
export function cellOf(name: ColumnName, picture: HostPicture, scene: Scene, width: number): Cell {
  const { within } = columns[name];
  const forms = formsOf(name, picture, scene);
  const fitting = forms.findLast((form) => spansWidth(form) <= width);
  return fitting ?? within?.(picture, scene, width) ?? forms[0] ?? [];
}

/**
 * Dimmed when it is old, with its age, which is shown whole. Of a host that is away the value matters more: the age is about that of the state
 * beside it, and comes last.
 */
export function formsOf(name: ColumnName, picture: HostPicture, scene: Scene): readonly Cell[] {
  const { forms, parts } = columns[name];
  const fresh = forms(picture, scene);
  const old = parts.filter((part) => isOld(picture, part, scene.nowMs));
  const away = isAway(picture);
  if (name === 'mysql' || name === 'alert' || name === 'host' || (old.length === 0 && !away)) return fresh;
  const dimmed = fresh.map((form) => form.map((span): Span => ({ ...span, tone: 'dim' })));
  if (name === 'bar' || old.length === 0) return dimmed;
  const text = ` (${shortDuration(Math.max(...old.map((part) => ageMs(picture, part, scene.nowMs) ?? 0)))})`;
  const aged = dimmed.map((form): Cell => [...form, { text, tone: 'dim' }]);
  return away ? [...dimmed, ...aged.slice(-1)] : aged;
}
