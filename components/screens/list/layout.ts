// Places the columns of a plain list, and draws its head and rows in them. Pure.
import { type Cell, type Slot, tableLine } from '../../base/Table.tsx';
import { type Look, type Span, signsOf } from '../../base/theme.ts';
import { fitSpans, truncateSpans } from '../../base/width.ts';

export interface ListColumn<R> {
  readonly title: string;
  /** Cells; `rest`: the remaining cells, for one column. */
  readonly width: number | 'rest';
  readonly align?: 'left' | 'right';
  /** Left out of a screen narrower than this. */
  readonly from?: number;
  /** `width`: the available cells. */
  readonly cell: (row: R, width: number) => Cell;
}

export interface PlacedList<R> {
  readonly columns: readonly ListColumn<R>[];
  readonly slots: readonly Slot[];
}

const gap = 2;
const marginCells = 3;

export function placedList<R>(columns: readonly ListColumn<R>[], width: number): PlacedList<R> {
  const shown = columns.filter(({ from = 0 }) => width >= from);
  const fixed = shown.reduce((sum, column) => sum + (column.width === 'rest' ? 0 : column.width), 0);
  const rest = Math.max(8, width - marginCells - fixed - gap * (shown.length - 1));
  const slots = shown.map(
    ({ width: cells, align = 'left' }): Slot => ({ width: cells === 'rest' ? rest : cells, align }),
  );
  return { columns: shown, slots };
}

export function listHead<R>({ columns, slots }: PlacedList<R>, width: number, look: Look): readonly Span[] {
  const cells = columns.map(({ title }): Cell => [{ text: title, tone: 'dim' }]);
  return fitSpans([blanks, ...tableLine(slots, cells, gap, look)], width, signsOf(look).ellipsis);
}

const blanks: Span = { text: ' '.repeat(marginCells) };

/** For a screen reader: each value after its title. */
export function listRow<R>(
  { columns, slots }: PlacedList<R>,
  row: R,
  selected: boolean,
  width: number,
  look: Look,
): readonly Span[] {
  const { ellipsis, selected: sign } = signsOf(look);
  if (look.linear) {
    const values = columns.map(({ title, cell }) => `${title.toLowerCase()} ${textOf(cell(row, width))}`);
    return truncateSpans([{ text: `${selected ? 'selected: ' : ''}${values.join(', ')}` }], width, ellipsis);
  }
  const cells = columns.map(({ cell }, index) => cell(row, slots[index]?.width ?? 0));
  const line = [selected ? { text: ` ${sign} ` } : blanks, ...tableLine(slots, cells, gap, look)];
  return fitSpans(line, width, ellipsis);
}

const textOf = (cell: Cell) =>
  cell
    .map(({ text }) => text)
    .join('')
    .trim();
