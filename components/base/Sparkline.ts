// The course of a figure as a row of small bars: ▁▃▆▇▆, or .:*# in ASCII. The figure itself is always shown beside it.
//
//   sparkline([0, 3, 7], 12, look)   a Span of at most 12 cells, the newest at its right end
import type { Look, Span, Tone } from './theme.ts';

const unicodeLevels = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'] as const;
const asciiLevels = ['_', '.', ':', '-', '=', '+', '*', '#'] as const;

/** If there are more figures than cells, neighbours are averaged. The highest bar is the highest figure; 0 is the lowest. */
export function sparkline(figures: readonly number[], cells: number, look: Look, tone: Tone = 'plain'): Span {
  const levels = look.unicode ? unicodeLevels : asciiLevels;
  const shown = together(figures, cells);
  const most = Math.max(0, ...shown);
  const text = shown.map((figure) => levels[levelOf(figure, most, levels.length)] ?? levels[0]).join('');
  return { text, tone };
}

const levelOf = (figure: number, most: number, levels: number) =>
  most <= 0 ? 0 : Math.min(levels - 1, Math.max(0, Math.round((figure / most) * (levels - 1))));

function together(figures: readonly number[], cells: number): readonly number[] {
  const each = Math.ceil(figures.length / Math.max(1, cells));
  if (each <= 1) return figures;
  // Groups are counted from the newest figure: older groups don't change when the newest group is full and one more
  // figure comes.
  const groups: number[] = [];
  for (let end = figures.length; end > 0; end -= each) {
    const group = figures.slice(Math.max(0, end - each), end);
    groups.unshift(group.reduce((sum, figure) => sum + figure, 0) / group.length);
  }
  return groups;
}
