// The cursor of a list. It is on one row, by the row's id: whatever order rows get, a key acts on the row that was read. If its row leaves
// the list it is on none, until the operator moves it. Pure, but for the hook.
import { useLayoutEffect } from 'react';
import { type Move, moved } from '../../base/Viewport.tsx';
import type { ListName, ListView } from '../../screen-store.ts';

export interface Row {
  readonly id: string;
  /** Of what it is about, in sentences. Absent: it can't be marked. */
  readonly name?: string;
}

type Cursor = ListView['cursor'];

/** The index of the row under the cursor; -1: none. */
export function cursorIndex(rows: readonly Row[], { cursor }: Pick<ListView, 'cursor'>): number {
  return cursor ? rows.findIndex(({ id }) => id === cursor.id) : -1;
}

/** Where a move leads. From a row that is gone: down to the one that took its place, or up to the one before it. */
export function cursorMovedBy(how: Move, rows: readonly Row[], view: Pick<ListView, 'cursor'>, height: number): Cursor {
  const index = cursorIndex(rows, view);
  const before = view.cursor ? view.cursor.index - (how === 'down' || how === 'pageDown' ? 1 : 0) : -1;
  return onRow(rows, moved(index >= 0 ? index : before, how, rows.length, height));
}

/** After a change of the filter: on its row, or the first. */
export function cursorIn(rows: readonly Row[], { cursor }: Pick<ListView, 'cursor'>): Cursor {
  return onRow(rows, Math.max(0, cursorIndex(rows, { cursor }))) ?? cursor;
}

function onRow(rows: readonly Row[], index: number): Cursor {
  const row = rows[index];
  return row && { id: row.id, index };
}

interface Placing {
  readonly cursor: Cursor;
  /** False while rows still come in and change their order: the cursor is on none until it is moved. */
  readonly settled?: boolean;
  readonly place: (cursor: NonNullable<Cursor>) => void;
}

/** Puts the cursor on the first row as soon as there is one, before any key, and notes where its row is. The index of that row, or -1. */
export function useCursor(rows: readonly Row[], { cursor, settled = true, place }: Placing): number {
  // Drawn where it is about to be: no frame is without it.
  const index = cursor || !settled || rows.length === 0 ? cursorIndex(rows, { cursor }) : 0;
  useLayoutEffect(() => {
    const wanted = onRow(rows, index);
    if (wanted && wanted.index !== cursor?.index) place(wanted);
  });
  return index;
}

const namesOf: Readonly<Record<ListName, (id: string) => string>> = {
  fleet: (id) => id.replace(/^found /, ''),
  jobs: (id) => `job ${id}`,
  schedules: (id) => id,
  processes: (id) => `session ${id}`,
  snapshots: (id) => `that snapshot of ${id.replace(/ .*/, '')}`,
};

const notYet = 'hosts are still answering, and rows change their places: j puts the cursor on the first';

/** Why the cursor, which is on no row, is not: `row` names the one on which it was. */
export const whyOnNone = (cursor: Cursor, row: (id: string) => string): string =>
  cursor ? `${row(cursor.id)} is no longer in the list: j or k puts the cursor on another row` : notYet;

/** Why no row is under the cursor of a list with rows, and what puts it on one. */
export function whyNoRow(list: ListName, rows: readonly Row[], view: Pick<ListView, 'cursor'>): string | undefined {
  if (rows.length === 0 || cursorIndex(rows, view) >= 0) return undefined;
  return whyOnNone(view.cursor, namesOf[list]);
}
