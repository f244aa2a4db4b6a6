// Lines, some of which form a small table. ink-table draws those; it is loaded when the first table is shown, after the
// first frame. Until then, and for a screen reader, they are drawn as lines; both look alike.
//
//   <TabledLines text={{ lines, table: { at: 2, heading: true, table } }} top={0} height={8} />
import { Box } from 'ink';
import { lazy, type ReactNode, Suspense } from 'react';
import type { SmallTable } from './small-table.ts';
import { type Span, useLook } from './theme.ts';
import { Viewport } from './Viewport.tsx';

/** Lines of text, with the table's lines among them. */
export interface TabledText {
  readonly lines: readonly (readonly Span[])[];
  readonly table?: PlacedTable;
}

export interface PlacedTable {
  /** Index of the table's first line. */
  readonly at: number;
  /** Whether that line is the table's heading. */
  readonly heading: boolean;
  readonly table: SmallTable;
}

interface TabledLinesProps {
  readonly text: TabledText;
  /** Index of the first line to draw. */
  readonly top: number;
  /** Height in lines of the screen. */
  readonly height: number;
}

const InkTable = lazy(async () => ({ default: (await import('./InkTable.tsx')).InkTable }));

export function TabledLines({ text: { lines, table: placed }, top, height }: TabledLinesProps): ReactNode {
  const look = useLook();
  const part = (from: number, until: number) => {
    const first = Math.max(from, top);
    const count = Math.max(0, Math.min(until, top + height) - first);
    return <Viewport count={lines.length} top={first} height={count} lineAt={(index) => lines[index] ?? []} />;
  };
  if (!placed || look.linear) return part(0, top + height);
  const { at, heading, table } = placed;
  const headed = heading ? 1 : 0;
  const end = at + headed + table.rows.length;
  const first = Math.max(0, top - at - headed);
  const rows = table.rows.slice(first, Math.max(first, top + height - at - headed));
  const hasHeading = heading && top <= at && at < top + height;
  return (
    <Box flexDirection="column" height={height} flexShrink={0} overflow="hidden">
      {part(0, at)}
      <Suspense fallback={part(at, end)}>
        {(rows.length > 0 || hasHeading) && <InkTable table={{ ...table, rows }} heading={hasHeading} />}
      </Suspense>
      {part(end, Number.POSITIVE_INFINITY)}
    </Box>
  );
}
