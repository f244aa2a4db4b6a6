// Which columns of the fleet fit a width, and how a row and the head are drawn in them. Pure. The widths are those of the
// texts that are on the screen, shared by their worth (text/fit-columns.ts).

import { type SortColumn, sortKeyOf } from '../../../src/commands/list.ts';
import { chosenOf, listColumns } from '../../../src/commands/list-columns.ts';
import type { HostPicture } from '../../../src/fleet/picture.ts';
import { fitColumns, type WantedColumn, type WidthStep } from '../../../src/text/fit-columns.ts';
import { type Cell, type Slot, tableLine } from '../../base/Table.tsx';
import { type Look, type Span, signsOf } from '../../base/theme.ts';
import { distinctWidth, fitSpans, spansWidth } from '../../base/width.ts';
import type { FleetView } from '../../screen-store.ts';
import { marginCells, plainRow, type RowStanding, rowMargin } from '../list/margin.ts';
import { alertsOf, type Scene } from './cells.ts';
import { type ColumnName, cellOf, columns, formsOf } from './columns.ts';

export interface PlacedColumn extends Slot {
  readonly name: ColumnName;
}

/** From left to right. */
const all = listColumns.fleet.map((name) => ({ name }));

const gap = 2;

/** Of a column that shows something bad: more than that of any column without. */
const troubleWorth = 95;
/** Of a column that says nothing of any host. */
const emptyWorth = 8;
/** Of a form that has no worth of its own: the age of a value, beside that of the state. */
const extraWorth = 15;
/** Columns that are a little wider do not jump when a figure grows. Only where nothing is cut. */
const steadyWorth = 1;
const steadyCells: Readonly<Partial<Record<ColumnName, number>>> = {
  mysql: 'o starting'.length,
  lag: '59 min'.length,
  disk: '100 % 1023M'.length,
  snapshots: 'x 1 invalid'.length,
};

interface Shown {
  readonly rows: readonly HostPicture[];
  readonly scene: Scene;
  readonly sort: FleetView['sort'];
  readonly width: number;
  /** The columns that the operator chose; absent: all. */
  readonly chosen?: readonly string[] | undefined;
}

/** The columns for a screen of `width` cells, each with its width. A wider screen never has fewer. */
export function layoutOf(shown: Shown): readonly PlacedColumn[] {
  const order = chosenOf(all, shown.chosen).map(({ name }) => name);
  const fitted = fitColumns(
    order.map((name) => wantedColumn(name, shown)),
    shown.width - marginCells,
    gap,
  );
  return order.flatMap((name) => {
    const width = fitted.get(name);
    const { align = 'left' } = columns[name];
    return width === undefined ? [] : [{ name, width, align }];
  });
}

function wantedColumn(name: ColumnName, shown: Shown): WantedColumn<ColumnName> {
  const titleCells = spansWidth(titleOf(name, shown.sort, shown.scene.look));
  const forms = shown.rows.map((picture) => formsOf(name, picture, shown.scene));
  const steps = name === 'alert' ? alertSteps(forms, shown) : stepsOf(name, forms, shown);
  return {
    name,
    cuts: columns[name].within !== undefined,
    steps: steps.map(({ cells, worth }) => ({ cells: Math.max(titleCells, cells), worth })),
  };
}

function stepsOf(name: ColumnName, rows: readonly (readonly Cell[])[], { scene, width }: Shown): readonly WidthStep[] {
  const { worths, within } = columns[name];
  const count = Math.max(1, ...rows.map((forms) => forms.length));
  const widest = (step: number) =>
    Math.max(0, ...rows.map((forms) => spansWidth(forms[Math.min(step, forms.length - 1)] ?? [])));
  const isBad = rows.some((forms) => forms.some((form) => form.some(({ tone }) => tone === 'bad')));
  const { none } = signsOf(scene.look);
  const isEmpty = rows.every((forms) =>
    forms.every((form) => form.every(({ text }) => ['', none].includes(text.trim()))),
  );
  const worthOf = (step: number) => {
    const worth = worths[step] ?? extraWorth;
    if (isBad && step < worths.length) return Math.max(worth, troubleWorth);
    return isEmpty ? Math.min(worth, emptyWorth) : worth;
  };
  const steps = Array.from({ length: count }, (_, step) => ({ cells: widest(step), worth: worthOf(step) }));
  const steady = { cells: steadyCells[name] ?? 0, worth: steadyWorth };
  // A long name is not shown whole before what is wrong, but keys act on the host that is read: no two look the same.
  const first = Math.max(12, Math.floor(width / 5));
  const names = rows.map(([form = []]) => form.map(({ text }) => text).join(''));
  const told = name === 'host' ? distinctWidth(names, first, Math.max(first, Math.floor(width / 2))) : first;
  const start = within ? [{ cells: Math.min(told, widest(0)), worth: worthOf(0) }] : [];
  return [
    ...start,
    ...(within ? steps.map(({ cells }) => ({ cells, worth: Math.min(38, worthOf(0)) })) : steps),
    steady,
  ];
}

/** What the first cells of an alert are worth, and further ones: of a critical alert more. */
function alertSteps(rows: readonly (readonly Cell[])[], { rows: pictures, scene }: Shown): readonly WidthStep[] {
  const widest = (some: (picture: HostPicture) => boolean) =>
    Math.max(0, ...rows.map((forms, at) => (pictures[at] && some(pictures[at]) ? spansWidth(forms[0] ?? []) : 0)));
  const whole = widest(() => true);
  const critical = widest((picture) => alertsOf(picture, scene).some(({ level }) => level === 'critical'));
  return [
    // Beside the name and the state of the server, on the narrowest screen.
    { cells: Math.min(6, whole), worth: 850 },
    { cells: Math.min(24, whole), worth: 100 },
    { cells: Math.min(48, critical), worth: 75 },
    { cells: Math.min(48, whole), worth: 60 },
    { cells: Math.min(80, critical), worth: 55 },
    { cells: Math.min(80, whole), worth: 35 },
    { cells: whole, worth: 20 },
  ];
}

export function rowLine(
  layout: readonly PlacedColumn[],
  picture: HostPicture,
  standing: RowStanding,
  scene: Scene,
): readonly Span[] {
  const cells = layout.map(({ name, width }) => cellOf(name, picture, scene, width));
  return [...rowMargin(standing, scene.look), ...tableLine(layout, cells, gap, scene.look)];
}

/** The titles. The letter that sorts is underlined, and the sorted column has an arrow. */
export function headLine(
  layout: readonly PlacedColumn[],
  sort: FleetView['sort'],
  look: Look,
  width: number,
): readonly Span[] {
  const cells = layout.map(({ name }) => titleOf(name, sort, look));
  return fitSpans(
    [...rowMargin(plainRow, look), ...tableLine(layout, cells, gap, look)],
    width,
    signsOf(look).ellipsis,
  );
}

function titleOf(name: ColumnName, sort: FleetView['sort'], look: Look): readonly Span[] {
  if (name === 'bar') return [];
  const sign = signsOf(look);
  const arrow = name === sort.column ? (sort.descending ? sign.descending : sign.ascending) : '';
  return [...titleSpans(name), ...(arrow === '' ? [] : [{ text: arrow, tone: 'strong' } as const])];
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
