// A small table of facts: a host's volumes, a job's targets. Every row is drawn, each column is as wide as its widest
// text. In a pane that is too narrow, the least important columns are left out first, then the widest text is cut.
// Table.tsx draws lists that scroll. Pure.
//
//   const table = smallTable([{ title: 'VOLUME', cuts: true, cell: (row) => ({ text: row.name }) }, ...], rows, 60, look);
//   tableText(table, look)         its heading and rows as lines of text
//   <SmallTable table={table} />   the same, drawn by ink-table
import { fitColumns, type WantedColumn } from '../../src/text/fit-columns.ts';
import { type Slot, tableLine } from './Table.tsx';
import { type Look, type Span, signsOf } from './theme.ts';
import { displayWidth, truncateSpans } from './width.ts';

export interface SmallColumn<R> {
  /** Unique among the columns. */
  readonly title: string;
  readonly align?: 'left' | 'right';
  /** Its minimum width in cells, so that a growing figure moves no column. */
  readonly least?: number;
  /** The order in which columns are left out of a narrow pane: 0 first, then 1, ... Absent: it stays. */
  readonly goes?: number;
  /** Its texts are cut if the pane is still too narrow. */
  readonly cuts?: boolean;
  readonly cell: (row: R) => Span;
}

/** A table fitted to the available width. */
export interface SmallTable {
  readonly titles: readonly string[];
  readonly slots: readonly Slot[];
  /** One cell for each title. */
  readonly rows: readonly (readonly Span[])[];
}

/** Cells between two columns. ink-table has one on either side of each, which makes a margin of one as well. */
export const columnGap = 2;
const fewestCells = 8;

export function smallTable<R>(columns: readonly SmallColumn<R>[], rows: readonly R[], width: number): SmallTable {
  const measured = columns.map((column) => {
    const cells = rows.map(column.cell);
    const widths = [column.title, ...cells.map(({ text }) => text)].map(displayWidth);
    return { column, cells, width: Math.max(column.least ?? 0, ...widths) };
  });
  // Each column has a gap: the margin is one, too.
  const fitted = fitColumns(
    measured.map((one) => wantedColumn(one.column, one.width)),
    width - columnGap,
    columnGap,
  );
  const kept = measured.filter(({ column }) => fitted.has(column));
  const slots = kept.map(({ column }): Slot => ({ width: fitted.get(column) ?? 0, align: column.align ?? 'left' }));
  return {
    titles: kept.map(({ column }) => column.title),
    slots,
    rows: rows.map((_, row) => kept.map(({ cells }) => cells[row] ?? { text: '' })),
  };
}

/** Columns that stay are worth more than any that goes, and the rest of a text that is cut is worth least. */
function wantedColumn<R>(column: SmallColumn<R>, cells: number): WantedColumn<SmallColumn<R>> {
  const { goes, cuts } = column;
  const worth = goes === undefined ? 1000 : goes + 1;
  if (!cuts) return { name: column, steps: [{ cells, worth }] };
  const steps = [
    { cells: Math.min(fewestCells, cells), worth },
    { cells, worth: 0 },
  ];
  return { name: column, steps, cuts };
}

/** The drawn heading and rows. For a screen reader: no heading, and each value after its title. */
export function tableText(
  { titles, slots, rows }: SmallTable,
  width: number,
  look: Look,
): readonly (readonly Span[])[] {
  const { ellipsis } = signsOf(look);
  const cut = (spans: readonly Span[]) => truncateSpans(spans, width, ellipsis);
  if (look.linear) {
    return rows.map((cells) => {
      const named = cells.flatMap(({ text }, at) =>
        text.trim() === '' ? [] : `${titles[at]?.toLowerCase()} ${text.trim()}`,
      );
      return cut([{ text: ` ${named.join(', ')}` }]);
    });
  }
  const line = (cells: readonly Span[]) => {
    return cut([
      { text: ' ' },
      ...tableLine(
        slots,
        cells.map((cell) => [cell]),
        columnGap,
        look,
      ),
    ]);
  };
  return [line(titles.map((text) => ({ text, tone: 'dim' }))), ...rows.map(line)];
}
