// A pane of facts: its title with the summary, and as many of its lines as fit.
import type { ReactNode } from 'react';
import { useColumns } from '../base/columns.ts';
import { Frame } from '../base/Frame.tsx';
import { TabledLines } from '../base/SmallTable.tsx';
import { useLook } from '../base/theme.ts';
import { fittingWindow, rowsOf } from '../base/whole-lines.ts';
import type { PaneText } from './fields.ts';

interface FactPaneProps {
  readonly pane: PaneText;
  readonly focused: boolean;
  /** Index of the first shown line. */
  readonly top: number;
  readonly width: number;
  /** Height in lines of the screen, with the title. */
  readonly height: number;
}

export function FactPane({ pane, focused, top, width, height }: FactPaneProps): ReactNode {
  const { title, summary, lines } = pane;
  const room = Math.max(0, height - 1);
  const look = useLook();
  const columns = useColumns();
  const rowsAt = (index: number) => rowsOf((lines[index] ?? []).map(({ text }) => text).join(''), columns);
  // For a screen reader a line may take several rows.
  const end = look.linear ? fittingWindow({ count: lines.length, top, height: room, rowsAt })[1] : top + room;
  const more = lines.length - end;
  // With only the title visible, the summary is enough. If some lines don't fit, the title says how many.
  const right = room > 0 && more > 0 ? `${summary}  +${more}` : summary;
  return (
    <Frame title={title} right={right} width={width} focused={focused}>
      <TabledLines text={pane} top={top} height={room} />
    </Frame>
  );
}
