// Places the columns of a plain list, and draws its head and rows in them. Pure.
import { fitColumns, type WantedColumn } from '../../../src/text/fit-columns.ts';
import { type Cell, type Slot, tableLine } from '../../base/Table.tsx';
import { type Look, type Span, signsOf } from '../../base/theme.ts';
import { displayWidth, distinctWidth, fitSpans, spansWidth, truncateSpans } from '../../base/width.ts';
import { block } from '../../overlays/plan-proposal.ts';
import { marginCells, plainRow, type RowStanding, rowMargin, spokenStanding } from './margin.ts';

export interface ListColumn<R> {
  /** As the operator's settings name it. */
  readonly name: string;
  readonly title: string;
  readonly align?: 'left' | 'right';
  /** What it is worth beside the others: the least is left out of a narrow screen first. */
  readonly worth: number;
  /** A text that may be cut: its least cells, and what the rest of it is worth. `names`: cut in the middle; no two of them look the same. */
  readonly cuts?: { readonly least: number; readonly worth: number; readonly names?: true };
  /** `width`: the available cells. */
  readonly cell: (row: R, width: number) => Cell;
}

export interface PlacedList<R> {
  readonly columns: readonly ListColumn<R>[];
  readonly slots: readonly Slot[];
}

const gap = 2;

/** Each column is as wide as its widest text, where there is room for all. */
export function placedList<R>(columns: readonly ListColumn<R>[], rows: readonly R[], width: number): PlacedList<R> {
  const fitted = fitColumns(
    columns.map((column) => wantedColumn(column, rows, width)),
    width - marginCells,
    gap,
  );
  const shown = columns.filter((column) => fitted.has(column));
  return {
    columns: shown,
    slots: shown.map((column): Slot => ({ width: fitted.get(column) ?? 0, align: column.align ?? 'left' })),
  };
}

function wantedColumn<R>(column: ListColumn<R>, rows: readonly R[], width: number): WantedColumn<ListColumn<R>> {
  const { title, worth, cuts, cell } = column;
  const texts = rows.map((row) => cell(row, Number.POSITIVE_INFINITY));
  const cells = texts.map(spansWidth);
  const whole = Math.max(displayWidth(title), ...cells);
  const isEmpty = cells.length > 0 && Math.max(...cells) === 0;
  const worthOf = (one: number) => (isEmpty ? 0 : one);
  if (!cuts) return { name: column, steps: [{ cells: whole, worth: worthOf(worth) }] };
  const least = cuts.names ? distinctWidth(texts.map(textOf), cuts.least, Math.floor(width / 2)) : cuts.least;
  const steps = [
    { cells: Math.min(least, whole), worth: worthOf(worth) },
    { cells: whole, worth: worthOf(cuts.worth) },
  ];
  return { name: column, steps, cuts: true };
}

export function listHead<R>({ columns, slots }: PlacedList<R>, width: number, look: Look): readonly Span[] {
  const cells = columns.map(({ title }): Cell => [{ text: title, tone: 'dim' }]);
  const line = [...rowMargin(plainRow, look), ...tableLine(slots, cells, gap, look)];
  return fitSpans(line, width, signsOf(look).ellipsis);
}

/** For a screen reader: each value after its title. */
export function listRow<R>(
  { columns, slots }: PlacedList<R>,
  row: R,
  standing: RowStanding,
  width: number,
  look: Look,
): readonly Span[] {
  const { ellipsis } = signsOf(look);
  if (look.linear) {
    const values = columns.map(({ title, cell }) => `${title.toLowerCase()} ${textOf(cell(row, width))}`);
    return truncateSpans([{ text: `${spokenStanding(standing)}${values.join(', ')}` }], width, ellipsis);
  }
  const cells = columns.map(({ cell }, index) => cell(row, slots[index]?.width ?? 0));
  const line = [...rowMargin(standing, look), ...tableLine(slots, cells, gap, look)];
  return fitSpans(line, width, ellipsis);
}

/** In place of the details of a row. */
export const noRowLines = (why: string | undefined, width: number): readonly (readonly Span[])[] =>
  why === undefined ? [] : block('   ', why, 'warning', width);

const textOf = (cell: Cell) =>
  cell
    .map(({ text }) => text)
    .join('')
    .trim();
