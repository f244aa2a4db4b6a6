// What a list does for keys, whatever its rows are of: the cursor, the filter.
import type { Handler } from '../../../src/commands/dispatch.ts';
import { type Move, moved } from '../../base/Viewport.tsx';
import { type Handlers, moveHandlers } from '../../handlers.ts';
import { ask, changeList, goBack, type ListName, type ListView, type ScreenStore } from '../../screen-store.ts';

export interface Row {
  readonly id: string;
}

/** Where the cursor is: on its row wherever that has gone; where its row is not shown, on the one that took its place. */
export function cursorIndex(rows: readonly Row[], { cursor }: Pick<ListView, 'cursor'>): number {
  if (!cursor) return rows.length === 0 ? -1 : 0;
  const index = rows.findIndex(({ id }) => id === cursor.id);
  return index >= 0 ? index : Math.min(cursor.index, rows.length - 1);
}

/** `rows` are asked for anew: keys that were typed fast are done one after the other, before anything is drawn. */
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

/** The cursor is pinned to what is opened, so that it is there again on the way back. */
export function pinCursor(screens: ScreenStore, list: ListName, { id }: Row): void {
  const { index = 0 } = screens.getState()[list].cursor ?? {};
  changeList(screens, list, { cursor: { id, index } });
}

/** Shows all rows again where there is a filter, else leaves. */
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
