// Where lists register what a click on one of their lines does. Only the keyboard's queue calls it (use-keyboard.ts), while the list is on the
// screen.
import { createContext, use, useInsertionEffect, useRef } from 'react';
import type { Row } from '../screens/list/cursor.ts';

/** Puts the cursor on the row of a line of the screen, counted from the first below the header. Returns that row's id; undefined: no row is there. */
type Click = (line: number) => string | undefined;

/** Of the list on the screen. */
export interface Clicks {
  current: Click | undefined;
}

export const ClicksContext = createContext<Clicks>({ current: undefined });

interface ClickedList {
  /** The rows as they are drawn: what was read is what is chosen. */
  readonly rows: readonly Row[];
  /** The line of the first of them that is drawn, and its index. */
  readonly first: number;
  readonly top: number;
  /** How many are drawn at most. */
  readonly height: number;
  readonly place: (cursor: { readonly id: string; readonly index: number }) => void;
}

export function useClicks(list: ClickedList): void {
  const clicks = use(ClicksContext);
  const drawn = useRef(list);
  drawn.current = list;
  useInsertionEffect(() => {
    const click: Click = (line) => {
      const { rows, first, top, height, place } = drawn.current;
      const index = line < first || line >= first + height ? -1 : top + line - first;
      const row = rows[index];
      if (row) place({ id: row.id, index });
      return row?.id;
    };
    clicks.current = click;
    return () => {
      if (clicks.current === click) clicks.current = undefined;
    };
  }, [clicks]);
}
