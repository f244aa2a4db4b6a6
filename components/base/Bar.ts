// How full something is, as a bar of text: ███████░░░, or ###.... in ASCII. The figure is always shown beside it.
//
//   bar(71, 10, look)   a Span of exactly 10 cells
import { type Look, type Span, signsOf, type Tone } from './theme.ts';

/** `percent` of 0 to 100; undefined is unknown, and gives blanks. The caller chooses `tone` by what the figure means. */
export function bar(percent: number | undefined, cells: number, look: Look, tone: Tone = 'plain'): Span {
  // The figure beside it says the same.
  if (look.linear) return { text: '' };
  if (percent === undefined || !Number.isFinite(percent)) return { text: ' '.repeat(cells) };
  const sign = signsOf(look);
  const halves = Math.round((Math.min(100, Math.max(0, percent)) / 50) * cells);
  const full = Math.floor(halves / 2);
  const half = halves % 2;
  const text = sign.barFull.repeat(full) + sign.barHalf.repeat(half) + sign.barEmpty.repeat(cells - full - half);
  return { text, tone };
}
