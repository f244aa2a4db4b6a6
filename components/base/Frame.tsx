// The title line of a pane: ` ── log ────────────────── follow · 214 lines ──`. A line, not a box: boxes cost two columns and
// are read out by screen readers. For a screen reader it is "log: follow · 214 lines".
//
//   <Frame title="log" right="follow · 214 lines" width={columns}> ...lines of the pane... </Frame>
import { Box } from 'ink';
import type { ReactNode } from 'react';
import { Line } from './Line.tsx';
import { type Look, type Span, signsOf, useLook } from './theme.ts';
import { displayWidth, truncate, truncateSpans } from './width.ts';

interface FrameProps {
  readonly title: string;
  /** The pane's summary, at the right end. */
  readonly right?: string;
  /** The width of the whole line, in cells. */
  readonly width: number;
  /** Whether this pane gets the keys. */
  readonly focused?: boolean;
  readonly children?: ReactNode;
}

export function Frame({ title, right = '', width, focused = false, children }: FrameProps): ReactNode {
  const look = useLook();
  return (
    <Box flexDirection="column" flexShrink={0}>
      <Line spans={frameTitle({ title, right, width, focused }, look)} />
      {children}
    </Box>
  );
}

/** The title line alone, as spans. */
function frameTitle({ title, right = '', width, focused = false }: FrameProps, look: Look): readonly Span[] {
  const sign = signsOf(look);
  if (look.linear) {
    const text = right === '' ? `${title}:` : `${title}: ${right}`;
    return [{ text: truncate(focused ? `${text} (keys go here)` : text, width, sign.ellipsis), tone: 'strong' }];
  }
  const left = `${focused ? sign.selected : ''}${title}`;
  const room = width - displayWidth(left) - 10;
  const shown = room >= 8 ? truncate(right, room, sign.ellipsis) : '';
  const rule = (cells: number) => ({ text: sign.rule.repeat(Math.max(0, cells)), tone: 'dim' }) as const;
  const end: readonly Span[] = shown === '' ? [] : [{ text: ` ${shown} ` }, rule(2)];
  const spans: readonly Span[] = [
    { text: ' ' },
    rule(2),
    { text: ` ${left} `, tone: 'strong' },
    rule(width - displayWidth(left) - 5 - (shown === '' ? 0 : displayWidth(shown) + 4)),
    ...end,
  ];
  return truncateSpans(spans, width, sign.ellipsis);
}
