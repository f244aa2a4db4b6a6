// The effect of keys on a list of any rows: the cursor, the filter, the marks.
import type { Handler } from '../../../src/commands/dispatch.ts';
import type { Move } from '../../base/Viewport.tsx';
import { type Handlers, moveHandlers } from '../../handlers.ts';
import { ask, changeList, goBack, type ListName, type ScreenStore } from '../../screen-store.ts';
import { cursorIn, cursorIndex, cursorMovedBy, type Row, whyNoRow } from './cursor.ts';
import { type Marks, markedThrough, markToggled } from './marks.ts';

type RowsNow = () => readonly Row[];

/** `rows` is called at each key: fast keys are handled one after the other, before the next draw. */
export function listHandlers(screens: ScreenStore, list: ListName, rows: RowsNow, listHeight: number): Handlers {
  const move = (how: Move) => () => {
    const cursor = cursorMovedBy(how, rows(), screens.getState()[list], listHeight);
    if (cursor) changeList(screens, list, { cursor });
    return undefined;
  };
  return {
    ...moveHandlers(move),
    ...markHandlers(screens, list, rows),
    'list.filter': () => askFilter(screens, list, rows),
  };
}

function markHandlers(screens: ScreenStore, list: ListName, rowsNow: RowsNow): Handlers {
  const atCursor = (change: (marks: Marks, rows: readonly Row[], index: number) => Marks) => () => {
    const view = screens.getState()[list];
    const rows = rowsNow();
    const index = cursorIndex(rows, view);
    const row = rows[index];
    if (!row) return whyNoRow(list, rows, view) ?? 'there is nothing to mark';
    if (row.name === undefined) return 'only what is in the inventory can be marked';
    changeList(screens, list, { marks: change(view.marks, rows, index) });
    return undefined;
  };
  return {
    'mark.toggle': atCursor((marks, rows, index) => (rows[index] ? markToggled(marks, rows[index]) : marks)),
    'mark.range': atCursor(markedThrough),
  };
}

/** Takes the marks of a list away. False: it has none. */
export function unmarked(screens: ScreenStore, list: ListName): boolean {
  if (screens.getState()[list].marks.length === 0) return false;
  changeList(screens, list, { marks: [] });
  return true;
}

/** With marks: takes them away. With a filter: shows all rows again. Without: leaves the screen. */
export const showAllOrBack =
  (screens: ScreenStore, list: ListName): Handler =>
  () => {
    if (unmarked(screens, list)) return undefined;
    if (screens.getState()[list].filter !== '') changeList(screens, list, { filter: '' });
    else goBack(screens);
    return undefined;
  };

function askFilter(screens: ScreenStore, list: ListName, rows: RowsNow): undefined {
  const { filter: before, cursor: from } = screens.getState()[list];
  const show = (filter: string) => {
    changeList(screens, list, { filter, cursor: from });
    changeList(screens, list, { cursor: cursorIn(rows(), { cursor: from }) });
  };
  ask(screens, {
    label: 'filter',
    hidden: false,
    text: before,
    onChange: show,
    onEnd: (text) => {
      if (text === undefined) changeList(screens, list, { filter: before, cursor: from });
      else show(text);
    },
  });
}
