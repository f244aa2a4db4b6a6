// The effect of keys on a list of any rows: the cursor, the filter.
import type { Handler } from '../../../src/commands/dispatch.ts';
import type { Move } from '../../base/Viewport.tsx';
import { type Handlers, moveHandlers } from '../../handlers.ts';
import { ask, changeList, goBack, type ListName, type ScreenStore } from '../../screen-store.ts';
import { cursorIn, cursorMovedBy, type Row } from './cursor.ts';

type RowsNow = () => readonly Row[];

/** `rows` is called at each key: fast keys are handled one after the other, before the next draw. */
export function listHandlers(screens: ScreenStore, list: ListName, rows: RowsNow, listHeight: number): Handlers {
  const move = (how: Move) => () => {
    const cursor = cursorMovedBy(how, rows(), screens.getState()[list], listHeight);
    if (cursor) changeList(screens, list, { cursor });
    return undefined;
  };
  return { ...moveHandlers(move), 'list.filter': () => askFilter(screens, list, rows) };
}

/** With a filter: shows all rows again. Without: leaves the screen. */
export const showAllOrBack =
  (screens: ScreenStore, list: ListName): Handler =>
  () => {
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
