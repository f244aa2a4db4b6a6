// A table with straight columns for any characters. Only the visible rows are made.
//
//   const slots = [{ width: 8 }, { width: 5, align: 'right' }];
//   tableLine(slots, [[{ text: 'db1' }], [{ text: '71 %' }]], 2, look)     one row, as spans
//   <Table head={spans} count={n} top={top} height={h} rowAt={(i) => spans} selected={i} />
import { Box } from 'ink';
import type { ReactNode } from 'react';
import { Line } from './Line.tsx';
import { type Look, type Span, signsOf, useLook } from './theme.ts';
import { Viewport } from './Viewport.tsx';
import { betweenEdges, fitSpans, spansWidth } from './width.ts';

/** The width and alignment of a drawn column. */
export interface Slot {
  /** In cells. */
  readonly width: number;
  readonly align?: 'left' | 'right';
}

/** A cell may have several tones. */
export type Cell = readonly Span[];

/** One row: each cell exactly as wide as its slot, `gap` blanks between. */
export function tableLine(slots: readonly Slot[], cells: readonly Cell[], gap: number, look: Look): readonly Span[] {
  const { ellipsis } = signsOf(look);
  return slots.flatMap(({ width, align }, column) => {
    const cell = cells[column] ?? [];
    const blanks = align === 'right' ? Math.max(0, width - spansWidth(cell)) : 0;
    const before = ' '.repeat((column === 0 ? 0 : gap) + blanks);
    return [...(before ? [{ text: before }] : []), ...fitSpans(cell, width - blanks, ellipsis)];
  });
}

/** The head with `5-12 of 40` at its end, where not all rows are on the screen. */
function withPlace(
  head: readonly Span[],
  { count, top, height }: { readonly count: number; readonly top: number; readonly height: number },
  look: Look,
): readonly Span[] {
  if (count <= height || head.length === 0) return head;
  const place: Span = { text: ` ${top + 1}-${Math.min(count, top + height)} of ${count} `, tone: 'dim' };
  const titles = head.slice(0, head.findLastIndex(({ text }) => text.trim() !== '') + 1);
  return betweenEdges(titles, [place], spansWidth(head), signsOf(look).ellipsis);
}

interface TableProps {
  readonly head: readonly Span[];
  readonly count: number;
  readonly top: number;
  /** Height in lines of the screen, with the head. */
  readonly height: number;
  readonly rowAt: (index: number) => readonly Span[];
  readonly selected?: number | undefined;
}

export function Table({ head, height, ...rows }: TableProps): ReactNode {
  const look = useLook();
  return (
    <Box flexDirection="column" height={height} flexShrink={0}>
      <Line spans={withPlace(head, { ...rows, height: height - 1 }, look)} />
      <Viewport {...rows} height={Math.max(0, height - 1)} lineAt={rows.rowAt} />
    </Box>
  );
}
