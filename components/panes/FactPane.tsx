// A pane of facts: its title with the summary, and as many of its lines as fit.
import type { ReactNode } from 'react';
import { Frame } from '../base/Frame.tsx';
import { TabledLines } from '../base/SmallTable.tsx';
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
  const more = lines.length - top - room;
  // With only the title visible, the summary is enough. If some lines don't fit, the title says how many.
  const right = room > 0 && more > 0 ? `${summary}  +${more}` : summary;
  return (
    <Frame title={title} right={right} width={width} focused={focused}>
      <TabledLines text={pane} top={top} height={room} />
    </Frame>
  );
}
