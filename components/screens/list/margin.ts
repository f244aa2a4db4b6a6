// What stands before the cells of a row: whether it is marked, and whether the cursor is on it. Pure.
import { type Look, type Span, signsOf } from '../../base/theme.ts';

export interface RowStanding {
  readonly selected: boolean;
  readonly marked: boolean;
}

export const marginCells = 3;
export const plainRow: RowStanding = { selected: false, marked: false };

export function rowMargin({ selected, marked }: RowStanding, look: Look): readonly Span[] {
  const sign = signsOf(look);
  const cursor: Span = { text: selected ? `${sign.selected} ` : '  ' };
  return marked ? [{ text: sign.marked, tone: 'accent' }, cursor] : [{ text: ` ${cursor.text}` }];
}

/** The same for a screen reader. */
export const spokenStanding = ({ selected, marked }: RowStanding): string =>
  [...(selected ? ['selected'] : []), ...(marked ? ['marked'] : [])].map((word) => `${word}: `).join('');
