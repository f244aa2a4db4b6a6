// The effect of keys on a list of any rows: the cursor, the filter, the marks.
import type { Handler } from '../../../src/commands/dispatch.ts';
import type { Move } from '../../base/Viewport.tsx';
import { type Handlers, moveHandlers } from '../../handlers.ts';
import { ask, changeList, goBack, type ListName, type ScreenStore } from '../../screen-store.ts';
import { cursorIn, cursorIndex, cursorMovedBy, type Row, whyNoRow } from './cursor.ts';
import { type Marks, markedThrough, markToggled } from './marks.ts';
import { matchFrom, type Way } from './search.ts';

type RowsNow = () => readonly Row[];
/** The rows that a filter of these words shows, whatever the list's own filter is. */
export type RowsWith = (words: string) => readonly Row[];

interface ListKeys {
  readonly rows: RowsNow;
  readonly rowsWith: RowsWith;
  /** How many rows are visible. */
  readonly height: number;
}

/** `rows` is called at each key: fast keys are handled one after the other, before the next draw. */
export function listHandlers(screens: ScreenStore, list: ListName, { rows, rowsWith, height }: ListKeys): Handlers {
  const move = (how: Move) => () => {
    const cursor = cursorMovedBy(how, rows(), screens.getState()[list], height);
    if (cursor) changeList(screens, list, { cursor });
    return undefined;
  };
  return {
    ...moveHandlers(move),
    ...markHandlers(screens, list, rows),
    'list.filter': () => askFilter(screens, list, rows),
    'list.nextMatch': () => toMatch(screens, list, { rows, rowsWith }, 'next'),
    'list.previousMatch': () => toMatch(screens, list, { rows, rowsWith }, 'previous'),
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

function toMatch(
  screens: ScreenStore,
  list: ListName,
  { rows, rowsWith }: Pick<ListKeys, 'rows' | 'rowsWith'>,
  way: Way,
): string {
  const { search, ...view } = screens.getState()[list];
  if (search === '') return 'nothing is searched yet: / asks for it';
  const found = rowsWith(search);
  const match = matchFrom(way, { rows: rows(), found }, view);
  if (!match) return `no row ${way === 'next' ? 'below' : 'above'} has ${search}`;
  changeList(screens, list, { cursor: match.cursor });
  return `${match.nth} of ${match.count} with ${search}`;
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

export const filterLabel = 'filter';

function askFilter(screens: ScreenStore, list: ListName, rows: RowsNow): undefined {
  const { filter: before, cursor: from } = screens.getState()[list];
  const show = (filter: string) => {
    changeList(screens, list, { filter, cursor: from });
    changeList(screens, list, { cursor: cursorIn(rows(), { cursor: from }) });
  };
  ask(screens, {
    label: filterLabel,
    hidden: false,
    text: before,
    onChange: show,
    onEnd: (text) => {
      if (text === undefined) changeList(screens, list, { filter: before, cursor: from });
      else {
        show(text);
        if (text !== '') changeList(screens, list, { search: text });
      }
    },
  });
}
