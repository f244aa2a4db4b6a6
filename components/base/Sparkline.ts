// The course of a figure as a row of small bars: ▁▃▆▇▆, or .:*# in ASCII. The figure itself is always shown beside it.
//
//   sparkline([0, 3, undefined, 7], 12, look)   a Span of at most 12 cells, the newest at its right end; what is not known is a gap
import type { Look, Span, Tone } from './theme.ts';

const unicodeLevels = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'] as const;
const asciiLevels = ['_', '.', ':', '-', '=', '+', '*', '#'] as const;

/** undefined: unknown. */
type Figure = number | undefined;

/** If there are more figures than cells, neighbours are averaged. The highest bar is the highest figure; 0 is the lowest. */
export function sparkline(figures: readonly Figure[], cells: number, look: Look, tone: Tone = 'plain'): Span {
  const levels = look.unicode ? unicodeLevels : asciiLevels;
  const shown = together(figures, cells);
  const most = Math.max(0, ...shown.filter((figure) => figure !== undefined));
  const sign = (figure: Figure) =>
    figure === undefined ? ' ' : (levels[levelOf(figure, most, levels.length)] ?? levels[0]);
  const text = shown.map(sign).join('');
  return { text, tone };
}

const levelOf = (figure: number, most: number, levels: number) =>
  most <= 0 ? 0 : Math.min(levels - 1, Math.max(0, Math.round((figure / most) * (levels - 1))));

function together(figures: readonly Figure[], cells: number): readonly Figure[] {
  const each = Math.ceil(figures.length / Math.max(1, cells));
  if (each <= 1) return figures;
  // Groups are counted from the newest figure: older groups don't change when the newest group is full and one more
  // figure comes.
  const groups: Figure[] = [];
  for (let end = figures.length; end > 0; end -= each) {
    const group = figures.slice(Math.max(0, end - each), end).filter((figure) => figure !== undefined);
    groups.unshift(group.length === 0 ? undefined : group.reduce((sum, figure) => sum + figure, 0) / group.length);
  }
  return groups;
}
