// Lines for a screen reader: none is cut, so one may take several rows of the terminal. What is drawn for the eye goes: rules, and blanks that make
// columns. Pure.
import { displayWidth } from './width.ts';

/** The width for which such lines are made: longer than any of them. */
export const wholeCells = 4000;

/** Rows of a terminal that the header, the keys and titles of panes may take besides one each. */
export const spareRows = 6;

export const spoken = (text: string): string =>
  text
    .replace(/^ ?▸ */, 'selected: ')
    .replaceAll(/─+/g, ' ')
    .replaceAll(/ {3,}/g, '  ')
    .trimEnd();

/** The rows that a line takes. */
export const rowsOf = (text: string, columns: number): number =>
  Math.max(1, Math.ceil(displayWidth(spoken(text)) / Math.max(1, columns)));

interface Fitting {
  readonly count: number;
  readonly top: number;
  /** In rows of the terminal. */
  readonly height: number;
  readonly selected?: number | undefined;
  readonly rowsAt: (index: number) => number;
}

/** The lines that are whole within the height, from `top` on, or from further down so that the selected one is among them. At least one. */
export function fittingWindow({
  count,
  top,
  height,
  selected = -1,
  rowsAt,
}: Fitting): readonly [from: number, to: number] {
  const rows = (from: number, to: number) => {
    let sum = 0;
    for (let index = from; index <= to && sum <= height; index++) sum += rowsAt(index);
    return sum;
  };
  let from = Math.min(top, Math.max(0, count - 1));
  while (from < selected && rows(from, selected) > height) from++;
  let to = from;
  while (to < count && (to === from || rows(from, to) <= height)) to++;
  return [from, to];
}
