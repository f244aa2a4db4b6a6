// The words of a list's filter as a search: which rows have them, whether the filter hides the others or not. Pure.
import type { ListView } from '../../screen-store.ts';
import { cursorIndex, type Row } from './cursor.ts';

export type Way = 'next' | 'previous';

export interface Searched {
  /** What is shown. */
  readonly rows: readonly Row[];
  /** The rows that have the words. */
  readonly found: readonly Row[];
}

/** Where the cursor goes: the next row below it, or the previous one above it, that has the words. `nth`: among all that have them, from 1. */
export interface Match {
  readonly cursor: NonNullable<ListView['cursor']>;
  readonly nth: number;
  readonly count: number;
}

/** undefined: there is none that way. Without a cursor, or where its row is gone, the search begins at the row in its place. */
export function matchFrom(way: Way, { rows, found }: Searched, view: Pick<ListView, 'cursor'>): Match | undefined {
  const ids = new Set(found.map(({ id }) => id));
  const matches = rows.flatMap(({ id }, index) => (ids.has(id) ? { id, index } : []));
  const at = cursorIndex(rows, view);
  const gone = view.cursor?.index ?? 0;
  const isNext = ({ index }: { readonly index: number }) => index > (at < 0 ? gone - 1 : at);
  const isPrevious = ({ index }: { readonly index: number }) => index < (at < 0 ? gone : at);
  const place = way === 'next' ? matches.findIndex(isNext) : matches.findLastIndex(isPrevious);
  const cursor = matches[place];
  return cursor && { cursor, nth: place + 1, count: matches.length };
}
