// One line of the screen, of several tones, as one Ink Text: a Box for each cell costs twice the CPU and bytes.
//
//   <Line spans={spans} />             as wide as its text; cut at the edge, never wrapped
//   <Line spans={spans} selected />    the line under the cursor
import { Text } from 'ink';
import { createElement, memo, type ReactNode } from 'react';
import { type Look, type Span, styleOf, useLook } from './theme.ts';
import { spoken } from './whole-lines.ts';

interface LineProps {
  readonly spans: readonly Span[];
  /** Drawn in reverse, without tones: several colours in reverse can't be read. Show the selection by a sign as well. */
  readonly selected?: boolean;
}

// Every render of a screen makes new spans, which are mostly equal. Ink then draws only the lines that changed.
export const Line = memo(DrawnLine, sameLine);

function sameLine(before: LineProps, after: LineProps): boolean {
  if (before.selected !== after.selected || before.spans.length !== after.spans.length) return false;
  return before.spans.every(({ text, tone }, index) => {
    const other = after.spans[index];
    return text === other?.text && tone === other.tone;
  });
}

function DrawnLine({ spans, selected = false }: LineProps): ReactNode {
  const look = useLook();
  // A screen reader gets the line whole, and nothing that is there for the eye.
  if (look.linear) return createElement(Text, { wrap: 'wrap' }, spoken(spans.map((span) => span.text).join('')) || ' ');
  const text = selected ? [spans.map((span) => span.text).join('')] : spans.map((span) => piece(span, look));
  // An empty Ink Text would take no line.
  const children = text.length === 0 || text[0] === '' ? [' ', ...text] : text;
  return createElement(Text, { wrap: 'truncate-end', inverse: selected }, ...children);
}

function piece({ text, tone = 'plain' }: Span, look: Look): ReactNode {
  return tone === 'plain' ? text : createElement(Text, styleOf(tone, look), text);
}
