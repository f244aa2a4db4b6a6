// The effect of keys on a list of any rows: the cursor, the filter.
import type { Handler } from '../../../src/commands/dispatch.ts';
import { type Move, moved } from '../../base/Viewport.tsx';
import { type Handlers, moveHandlers } from '../../handlers.ts';
import { ask, changeList, goBack, type ListName, type ListView, type ScreenStore } from '../../screen-store.ts';

export interface Row {
  readonly id: string;
}

/** The cursor's index: it follows its row. If that row is not shown, the cursor is on the one that took its place. */
export function cursorIndex(rows: readonly Row[], { cursor }: Pick<ListView, 'cursor'>): number {
  if (!cursor) return rows.length === 0 ? -1 : 0;
  const index = rows.findIndex(({ id }) => id === cursor.id);
  return index >= 0 ? index : Math.min(cursor.index, rows.length - 1);
}

/** `rows` is called at each key: fast keys are handled one after the other, before the next draw. */
export function listHandlers(
  screens: ScreenStore,
  list: ListName,
  rows: () => readonly Row[],
  listHeight: number,
): Handlers {
  const move = (how: Move) => () => {
    const shown = rows();
    const index = moved(cursorIndex(shown, screens.getState()[list]), how, shown.length, listHeight);
    const row = shown[index];
    if (row) changeList(screens, list, { cursor: { id: row.id, index } });
    return undefined;
  };
  return { ...moveHandlers(move), 'list.filter': () => askFilter(screens, list) };
}

/** Pins the cursor to the opened row, so that it is there again when the operator returns. */
export function pinCursor(screens: ScreenStore, list: ListName, { id }: Row): void {
  const { index = 0 } = screens.getState()[list].cursor ?? {};
  changeList(screens, list, { cursor: { id, index } });
}

/** With a filter: shows all rows again. Without: leaves the screen. */
export const showAllOrBack =
  (screens: ScreenStore, list: ListName): Handler =>
  () => {
    if (screens.getState()[list].filter !== '') changeList(screens, list, { filter: '' });
    else goBack(screens);
    return undefined;
  };

function askFilter(screens: ScreenStore, list: ListName): undefined {
  const { filter: before } = screens.getState()[list];
  ask(screens, {
    label: 'filter',
    hidden: false,
    text: before,
    onChange: (filter) => changeList(screens, list, { filter }),
    onEnd: (text) => changeList(screens, list, { filter: text ?? before }),
  });
}
