// The columns of a list, to be chosen and put in order: what the overlay has, and what its keys do. Pure, but for the store.
import { type ColumnedList, keptColumns, listColumns } from '../../src/commands/list-columns.ts';
import { moved } from '../base/Viewport.tsx';
import { closeOverlay, type Overlay, type ScreenStore, say, showOverlay } from '../screen-store.ts';
import { sheetMoves } from './overlay-editing.ts';

export type ColumnsView = Extract<Overlay, { kind: 'columns' }>;

/** `chosen`: as they are shown now; absent: all of them. Those that are left out come last. */
export function columnsView(list: ColumnedList, chosen: readonly string[] = listColumns[list]): ColumnsView {
  const others = listColumns[list].filter((name) => !chosen.includes(name));
  return {
    kind: 'columns',
    list,
    items: [...chosen.map((name) => ({ name, on: true })), ...others.map((name) => ({ name, on: false }))],
    at: 0,
  };
}

interface ColumnsActions {
  /** Saves them; undefined: reseed's own again. Returns why it can't. */
  readonly keep: (list: ColumnedList, names: readonly string[] | undefined) => string | undefined;
  /** How many lines of the screen it has. */
  readonly height: number;
}

export function pressedInColumns(store: ScreenStore, view: ColumnsView, key: string, actions: ColumnsActions): void {
  const { list, items, at } = view;
  const item = items[at];
  const move = key === 'space' ? undefined : sheetMoves[key];
  const show = (change: Partial<ColumnsView>) => showOverlay(store, { ...view, ...change });
  if (key === 'esc' || key === 'q' || key === 'left') closeOverlay(store);
  else if (key === 'enter') keep(store, view, actions);
  else if (key === '0') show({ ...columnsView(list), at });
  else if (key === 'J' || key === 'K') show(carried(view, key === 'J' ? 1 : -1));
  else if (move) show({ at: moved(at, move, items.length, actions.height) });
  else if (key === 'space' && item) {
    if (keptColumns[list].includes(item.name)) say(store, `${item.name} says what keys act on: it stays`, 'warning');
    else show({ items: items.with(at, { ...item, on: !item.on }) });
  }
}

/** The column under the cursor, one place further. */
function carried({ items, at }: ColumnsView, by: 1 | -1): Pick<ColumnsView, 'items' | 'at'> {
  const [item, other] = [items[at], items[at + by]];
  return item && other ? { items: items.with(at, other).with(at + by, item), at: at + by } : { items, at };
}

/** Shows them from now on, and saves them. */
function keep(store: ScreenStore, { list, items }: ColumnsView, actions: ColumnsActions): void {
  const names = items.flatMap(({ name, on }) => (on ? name : []));
  const isOwn = names.join() === listColumns[list].join();
  closeOverlay(store);
  store.setState(({ columns: { [list]: _, ...others } }) => ({
    columns: isOwn ? others : { ...others, [list]: names },
  }));
  const why = actions.keep(list, isOwn ? undefined : names);
  if (why === undefined) say(store, 'the columns are saved in config.yaml');
  else say(store, `the columns are shown until you leave: ${why}`, 'warning');
}
