// A window on many lines: only visible lines are made, so a thousand hosts or a long log cost as much as a screenful.
//
//   const top = topFor(selected, top, height, count);                the window follows the cursor, moving as little as it can
//   <Viewport count={rows.length} top={top} height={20} lineAt={(index) => spans} selected={selected} />
import { Box } from 'ink';
import type { ReactNode } from 'react';
import { useColumns } from './columns.ts';
import { Line } from './Line.tsx';
import { type Span, useLook } from './theme.ts';
import { fittingWindow, rowsOf } from './whole-lines.ts';

interface ViewportProps {
  readonly count: number;
  /** Index of the first line to draw. */
  readonly top: number;
  /** Height in lines of the screen; missing lines at the end stay blank. */
  readonly height: number;
  /** No wider than the screen. Called only for visible lines. */
  readonly lineAt: (index: number) => readonly Span[];
  readonly selected?: number | undefined;
}

export function Viewport({ count, top, height, lineAt, selected }: ViewportProps): ReactNode {
  const look = useLook();
  const columns = useColumns();
  if (look.linear) return <WholeLines {...{ count, top, height, lineAt, selected, columns }} />;
  const shown = Math.max(0, Math.min(height, count - top));
  const indexes = Array.from({ length: shown }, (_, offset) => top + offset);
  return (
    <Box flexDirection="column" height={height} flexShrink={0}>
      {indexes.map((index) => (
        // The key is the place on the screen: when a row scrolls only its text changes, and nothing is mounted again.
        <Line key={index - top} spans={lineAt(index)} selected={index === selected} />
      ))}
    </Box>
  );
}

/** For a screen reader: as many lines as fit when none is cut. */
function WholeLines({ columns, ...window }: ViewportProps & { readonly columns: number }): ReactNode {
  const { count, height, lineAt } = window;
  if (count === 0 || height <= 0) return null;
  const rowsAt = (index: number) =>
    rowsOf(
      lineAt(index)
        .map(({ text }) => text)
        .join(''),
      columns,
    );
  const [from, to] = fittingWindow({ ...window, rowsAt });
  return (
    <Box flexDirection="column" flexShrink={0}>
      {Array.from({ length: to - from }, (_, offset) => from + offset).map((index) => (
        <Line key={index - from} spans={lineAt(index)} />
      ))}
    </Box>
  );
}

/** The first line of a window of `height` that shows `selected`, as near to `top` as can be. */
export function topFor(selected: number, top: number, height: number, count: number): number {
  const lowest = Math.max(0, count - height);
  const showing = Math.max(Math.min(top, selected), selected - height + 1);
  return Math.max(0, Math.min(showing, lowest));
}

export type Move = 'up' | 'down' | 'pageUp' | 'pageDown' | 'first' | 'last';

/** The cursor's new index, within the lines. -1 where there are none. */
export function moved(index: number, move: Move, count: number, height: number): number {
  const steps = { up: -1, down: 1, pageUp: -Math.max(1, height - 1), pageDown: Math.max(1, height - 1) };
  const wanted = move === 'first' ? 0 : move === 'last' ? count - 1 : index + steps[move];
  return Math.min(Math.max(wanted, 0), count - 1);
}
