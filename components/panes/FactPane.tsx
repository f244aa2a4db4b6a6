// A pane of facts: its title with the summary, and as many of its lines as there is room for.
import type { ReactNode } from 'react';
import { Frame } from '../base/Frame.tsx';
import { TabledLines } from '../base/SmallTable.tsx';
import type { PaneText } from './fields.ts';

interface FactPaneProps {
  readonly pane: PaneText;
  readonly focused: boolean;
  /** The first line that is shown. */
  readonly top: number;
  readonly width: number;
  /** Lines of the screen, the title's included. */
  readonly height: number;
}

export function FactPane({ pane, focused, top, width, height }: FactPaneProps): ReactNode {
  const { title, summary, lines } = pane;
  const room = Math.max(0, height - 1);
  const more = lines.length - top - room;
  // With the title alone, the summary is all there is; with some lines missing it is said how many.
  const right = room > 0 && more > 0 ? `${summary}  +${more}` : summary;
  return (
    <Frame title={title} right={right} width={width} focused={focused}>
      <TabledLines text={pane} top={top} height={room} />
    </Frame>
  );
}
