// A list over the whole screen: a summary line, the rows, and the one under the cursor in full.
import { type ReactNode, useRef } from 'react';
import { useStore } from 'zustand';
import { chosenOf } from '../../../src/commands/list-columns.ts';
import { Line } from '../../base/Line.tsx';
import { Table } from '../../base/Table.tsx';
import { type Span, useLook } from '../../base/theme.ts';
import { topFor, Viewport } from '../../base/Viewport.tsx';
import { type Handlers, useHandlers } from '../../handlers.ts';
import { useClicks } from '../../mouse/clicks.ts';
import { changeList, type ListName } from '../../screen-store.ts';
import { useServices } from '../../services.ts';
import type { ScreenProps } from '../fleet/FleetScreen.tsx';
import { type Row, useCursor, whyNoRow } from './cursor.ts';
import { listHandlers, showAllOrBack } from './keys.ts';
import { type ListColumn, listHead, listRow, noRowLines, placedList } from './layout.ts';
import { isMarked, useMarksOfGone } from './marks.ts';

interface ListScreenProps<R extends Row> extends ScreenProps {
  readonly list: Exclude<ListName, 'fleet'>;
  readonly rows: readonly R[];
  /** The rows from the stores at the moment of a key. */
  readonly rowsNow: () => readonly R[];
  /** The rows that a filter of these words shows. */
  readonly rowsWith: (words: string) => readonly R[];
  readonly columns: readonly ListColumn<R>[];
  readonly summary: readonly Span[];
  /** At most `height` lines about the row under the cursor. */
  readonly details: (row: R, height: number) => readonly (readonly Span[])[];
  readonly handlers: Handlers;
}

const titleHeight = 1;

export function ListScreen<R extends Row>({
  list,
  rows,
  rowsNow,
  columns,
  summary,
  ...rest
}: ListScreenProps<R>): ReactNode {
  const { width, height, details, handlers, rowsWith } = rest;
  const { screens } = useServices();
  const look = useLook();
  const view = useStore(screens, (state) => state[list]);
  const { cursor, marks } = view;
  const selected = useCursor(rows, { cursor, place: (at) => changeList(screens, list, { cursor: at }) });
  useMarksOfGone(screens, { list, marks, all: () => rowsWith('') });
  const detailHeight = height >= 18 ? 5 : look.linear && height >= 12 ? 4 : 0;
  const tableHeight = Math.max(1, height - titleHeight - detailHeight);
  const listHeight = Math.max(1, tableHeight - 1);
  const top = useRef(0);
  top.current = topFor(cursor?.index ?? 0, top.current, listHeight, rows.length);
  useHandlers({
    ...listHandlers(screens, list, { rows: rowsNow, rowsWith, height: listHeight }),
    'screen.back': showAllOrBack(screens, list),
    ...handlers,
  });
  useClicks({
    rows,
    first: titleHeight + 1,
    top: top.current,
    height: listHeight,
    place: (at) => changeList(screens, list, { cursor: at }),
  });
  const chosen = useStore(screens, (state) => state.columns[list]);
  const placed = placedList(chosenOf(columns, chosen), rows, width);
  const row = rows[selected];
  const about = row ? details(row, detailHeight) : noRowLines(whyNoRow(list, rows, view), width);
  const below = about.slice(0, detailHeight);
  return (
    <>
      <Line spans={summary} />
      <Table
        head={look.linear ? [] : listHead(placed, width, look)}
        count={rows.length}
        top={top.current}
        height={tableHeight}
        selected={selected}
        rowAt={(index) => {
          const one = rows[index];
          const standing = one && { selected: index === selected, marked: isMarked(marks, one) };
          return one && standing ? listRow(placed, one, standing, width, look) : [];
        }}
      />
      <Viewport count={below.length} top={0} height={detailHeight} lineAt={(index) => below[index] ?? []} />
    </>
  );
}
