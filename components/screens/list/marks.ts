// The marks of a list. A mark belongs to a thing, by the id of its row: whatever order rows get, and whatever a filter hides, it stays on that
// thing. The same marks are on Fleet, Snapshots and Jobs, and on the targets of a seed. Pure, but for the hook.
import { useLayoutEffect } from 'react';
import { changeList, type ListName, type Mark, type ScreenStore, say } from '../../screen-store.ts';
import type { Row } from './cursor.ts';

/** In the order in which they were made: a range begins at the last. */
export type Marks = readonly Mark[];

export const isMarked = (marks: Marks, { id }: Row): boolean => marks.some((mark) => mark.id === id);

/** With a mark on the row, or without its mark. A row without a name takes none. */
export function markToggled(marks: Marks, row: Row): Marks {
  if (isMarked(marks, row)) return marks.filter(({ id }) => id !== row.id);
  return [...marks, ...marksOf([row])];
}

/** With marks on all rows from the last mark to `index`; on that row alone, where the last mark is on none of the rows. */
export function markedThrough(marks: Marks, rows: readonly Row[], index: number): Marks {
  const last = marks.at(-1);
  const from = last === undefined ? -1 : rows.findIndex(({ id }) => id === last.id);
  const [low, high] = from < 0 ? [index, index] : [Math.min(from, index), Math.max(from, index)];
  const range = rows.slice(low, high + 1);
  const through = marksOf(from > index ? range.toReversed() : range);
  const before = marks.filter((mark) => !through.some(({ id }) => id === mark.id));
  return [...before, ...through];
}

const marksOf = (rows: readonly Row[]): Marks =>
  rows.flatMap(({ id, name }) => (name === undefined ? [] : { id, name }));

/** The names of marked things that are not among the rows. */
export const hiddenMarks = (marks: Marks, rows: readonly Row[]): readonly string[] =>
  marks.filter((mark) => !rows.some(({ id }) => id === mark.id)).map(({ name }) => name);

/** `3 marked, 1 not shown`; empty: nothing is marked. */
export function markedText(shown: number, hidden: number): string {
  if (shown + hidden === 0) return '';
  return `${shown + hidden} marked${hidden === 0 ? '' : `, ${hidden} not shown`}`;
}

interface Marked {
  readonly list: ListName;
  readonly marks: Marks;
  /** All rows of the list, also those that a filter hides. Called only where something is marked. */
  readonly all: () => readonly Row[];
}

/** Takes the marks of things that are gone, and says so. */
export function useMarksOfGone(screens: ScreenStore, { list, marks, all }: Marked): void {
  useLayoutEffect(() => {
    if (marks.length === 0) return;
    const ids = new Set(all().map(({ id }) => id));
    const gone = marks.filter(({ id }) => !ids.has(id));
    if (gone.length === 0) return;
    changeList(screens, list, { marks: marks.filter((mark) => !gone.includes(mark)) });
    say(screens, `no longer in the list, and its mark with it: ${gone.map(({ name }) => name).join(', ')}`, 'warning');
  });
}
