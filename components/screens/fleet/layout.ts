// Which columns of the fleet fit a width, and how a row and the head are drawn in them. Pure. The layout depends on
// names, versions and roles only, never on figures: columns that jump can't be read.

import { type SortColumn, sortKeyOf } from '../../../src/commands/list.ts';
import { hostBadge } from '../../../src/fleet/badges.ts';
import type { HostPicture } from '../../../src/fleet/picture.ts';
import { type Slot, tableLine } from '../../base/Table.tsx';
import { fullLook, type Look, type Span, signsOf } from '../../base/theme.ts';
import { displayWidth, fitSpans } from '../../base/width.ts';
import { badgeSpan } from '../../panes/badge-span.ts';
import type { FleetView } from '../../screen-store.ts';
import { type Scene, versionText } from './cells.ts';
import { type ColumnName, cellOf, columns } from './columns.ts';

export interface PlacedColumn extends Slot {
  readonly name: ColumnName;
}

/** From left to right. */
const order: readonly ColumnName[] = [
  'host',
  'cluster',
  'datacenter',
  'role',
  'version',
  'mysql',
  'lag',
  'bar',
  'disk',
  'snapshots',
  'alert',
];

/** Which host is in trouble and why comes first. What the operator knows by heart is left out first. */
const byImportance: readonly ColumnName[] = [
  'host',
  'mysql',
  'lag',
  'disk',
  'role',
  'datacenter',
  'version',
  'snapshots',
  'cluster',
  'bar',
];

const gap = 2;
const marginCells = 3;
/**
 * An alert's text is worth more than a bar whose figure is beside it, or a cluster's name; the role is worth a little
 * more than the text.
 */
const minAlertCells = (name: ColumnName) => (name === 'bar' || name === 'cluster' ? 36 : name === 'role' ? 20 : 24);

/** The columns for a screen of `width` cells, each with its width; the alert gets the rest. A wider screen has more columns. */
export function layoutOf(pictures: readonly HostPicture[], width: number): readonly PlacedColumn[] {
  const widths = widthsOf(pictures, width);
  const placed = new Map<ColumnName, number>();
  let left = width - marginCells;
  for (const name of byImportance) {
    const wanted = (name === 'bar' ? [10, 5] : [widths[name]]).find(
      (cells) => left - cells - gap >= minAlertCells(name),
    );
    // The host and its state are shown at any width.
    const cells = wanted ?? (placed.size < 2 ? widths[name] : undefined);
    if (cells === undefined) break;
    placed.set(name, cells);
    left -= cells + gap;
  }
  if (left > 2) placed.set('alert', left);
  return order.flatMap((name) => {
    const cells = placed.get(name);
    const { align = 'left' } = columns[name];
    return cells === undefined ? [] : [{ name, width: cells, align }];
  });
}

/** `◌ starting`. Longer words (`✖ crash-looping`, `– empty datadir`) widen the column while there is such a host. */
const minStateCells = 10;

function widthsOf(pictures: readonly HostPicture[], width: number): Readonly<Record<ColumnName, number>> {
  const widest = (read: (picture: HostPicture) => string | undefined, least: number, most: number) =>
    pictures.reduce((cells, picture) => Math.min(most, Math.max(cells, displayWidth(read(picture) ?? ''))), least);
  return {
    host: widest(({ host }) => host.name, 5, Math.max(12, Math.floor(width / 5))),
    cluster: widest(({ host }) => host.cluster, 7, 16),
    datacenter: widest(({ host }) => host.datacenter, 3, 12),
    role: widest(({ role }) => role, 7, 12),
    version: widest(({ remembered: { server } }) => server && versionText(server), 11, 18),
    mysql: widest((picture) => badgeSpan(hostBadge(picture), fullLook).text, minStateCells, 15),
    lag: 6,
    bar: 10,
    disk: 11,
    snapshots: 11,
    alert: 0,
  };
}

export function rowLine(
  layout: readonly PlacedColumn[],
  picture: HostPicture,
  selected: boolean,
  scene: Scene,
): readonly Span[] {
  const cells = layout.map(({ name, width }) => cellOf(name, picture, scene, width));
  return [margin(selected, scene.look), ...tableLine(layout, cells, gap, scene.look)];
}

export const margin = (selected: boolean, look: Look): Span => ({
  text: selected ? ` ${signsOf(look).selected} ` : ' '.repeat(marginCells),
});

/** The titles. The letter that sorts is underlined, and the sorted column has an arrow. */
export function headLine(
  layout: readonly PlacedColumn[],
  sort: FleetView['sort'],
  look: Look,
  width: number,
): readonly Span[] {
  const sign = signsOf(look);
  const cells = layout.map(({ name }) => {
    const arrow = name === sort.column ? (sort.descending ? sign.descending : sign.ascending) : '';
    return name === 'bar' ? [] : [...titleSpans(name), { text: arrow, tone: 'strong' } as const];
  });
  return fitSpans([margin(false, look), ...tableLine(layout, cells, gap, look)], width, sign.ellipsis);
}

function titleSpans(name: SortColumn): readonly Span[] {
  const { title } = columns[name];
  const at = title.indexOf(sortKeyOf(name));
  return [
    { text: title.slice(0, at), tone: 'dim' as const },
    { text: title.charAt(at), tone: 'letter' as const },
    { text: title.slice(at + 1), tone: 'dim' as const },
  ].filter(({ text }) => text !== '');
}
