// Texts of several lines that share the lines of a screen: long ones are cut for the others, and say so. Pure.
import { signsOf } from '../../base/theme.ts';
import { truncateSpans } from '../../base/width.ts';
import { type PaneLine, span } from '../fields.ts';
import type { JobScene } from './step-list.ts';

/** The lines of one text. `isNeeded`: what is left on hosts and what to do next, which is cut after all others. */
export interface Part {
  readonly lines: readonly PaneLine[];
  readonly isNeeded: boolean;
}

export const optional = (lines: readonly PaneLine[]): Part => ({ lines, isNeeded: false });
export const needed = (lines: readonly PaneLine[]): Part => ({ lines, isNeeded: true });

/** The lines of each part, `room` together: the longest are cut first, down to a line each. The key `w` shows what is missing. */
export function fittedParts(
  parts: readonly Part[],
  room: number,
  { look, width }: Pick<JobScene, 'look' | 'width'>,
): readonly (readonly PaneLine[])[] {
  const heights = parts.map(({ lines }) => lines.length);
  const over = () => heights.reduce((sum, lines) => sum + lines, 0) > room;
  const longest = (isNeeded: boolean, least: number) => {
    const some = [...parts.keys()].filter((at) => parts[at]?.isNeeded === isNeeded && (heights[at] ?? 0) > least);
    return some.reduce<number | undefined>(
      (best, at) => (best === undefined || (heights[at] ?? 0) >= (heights[best] ?? 0) ? at : best),
      undefined,
    );
  };
  while (over()) {
    // Why it failed goes last: without it the rest is not understood.
    const at = longest(false, 1) ?? longest(true, 1) ?? longest(false, 0);
    if (at === undefined) break;
    heights[at] = (heights[at] ?? 0) - 1;
  }
  return parts.map(({ lines }, at) => cut(lines, heights[at] ?? 0, width, signsOf(look).ellipsis));
}

function cut(lines: readonly PaneLine[], most: number, width: number, ellipsis: string): readonly PaneLine[] {
  if (lines.length <= most || most === 0) return lines.slice(0, most);
  if (most === 1) {
    const more = ` ${ellipsis} w`;
    return [[...truncateSpans(lines[0] ?? [], width - more.length, ''), span(more, 'dim')]];
  }
  const more = lines.length - most + 1;
  return [
    ...lines.slice(0, most - 1),
    [span(`   ${ellipsis} ${more} more ${more === 1 ? 'line' : 'lines'}: w`, 'dim')],
  ];
}
