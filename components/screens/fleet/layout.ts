// Which columns of the fleet fit a width, and how a row and the head are drawn in them. Pure. The layout depends on
// names, versions and states, and on whether values are old, never on figures: columns that jump can't be read.

import { type SortColumn, sortKeyOf } from '../../../src/commands/list.ts';
import type { HostPicture } from '../../../src/fleet/picture.ts';
import { type Slot, tableLine } from '../../base/Table.tsx';
import { type Look, type Span, signsOf } from '../../base/theme.ts';
import { fitSpans } from '../../base/width.ts';
import type { FleetView } from '../../screen-store.ts';
import type { Ages } from './ages.ts';
import type { Scene } from './cells.ts';
import { type ColumnName, cellOf, columns } from './columns.ts';
import { widerIfRoom, widthsOf } from './widths.ts';

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
  'snapshots',
  'version',
  'cluster',
  'bar',
];

const gap = 2;
const marginCells = 3;
/** What an alert keeps beside a column. Its text is worth more than what the operator knows by heart; the role is worth a little more. */
const minAlertCells: Readonly<Partial<Record<ColumnName, number>>> = { role: 20, version: 32, cluster: 36, bar: 36 };
const minAlertBesideFigures = 24;
/** Ages are seldom shown, and tell that the row is in trouble. */
const minAlertBesideAges = 18;

/** What an alert keeps beside an age that is told elsewhere too, and beside a word. */
const minAlertBesideMore = 48;

/** The columns for a screen of `width` cells, each with its width; the alert gets the rest. A wider screen has more columns. */
export function layoutOf(pictures: readonly HostPicture[], width: number, ages: Ages): readonly PlacedColumn[] {
  const widths = widthsOf(pictures, width, ages);
  const fewest = ages.late.length > 0 ? minAlertBesideAges : minAlertBesideFigures;
  const placed = new Map<ColumnName, number>();
  let left = width - marginCells;
  for (const name of byImportance) {
    const wanted = (name === 'bar' ? [10, 5] : [widths[name]]).find(
      (cells) => left - cells - gap >= (minAlertCells[name] ?? fewest),
    );
    // The host and its state are shown at any width.
    const cells = wanted ?? (placed.size < 2 ? widths[name] : undefined);
    if (cells === undefined) break;
    placed.set(name, cells);
    left -= cells + gap;
  }
  for (const [name, wanted] of widerIfRoom(ages)) {
    const cells = placed.get(name);
    if (cells === undefined || wanted <= cells || left + cells - wanted < minAlertBesideMore) continue;
    placed.set(name, wanted);
    left += cells - wanted;
  }
  return inOrder(placed, left);
}

function inOrder(placed: ReadonlyMap<ColumnName, number>, alertCells: number): readonly PlacedColumn[] {
  return order.flatMap((name) => {
    const cells = name === 'alert' ? alertCells : placed.get(name);
    const { align = 'left' } = columns[name];
    return cells === undefined || (name === 'alert' && cells <= 2) ? [] : [{ name, width: cells, align }];
  });
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
