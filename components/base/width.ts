// Measures and cuts text in cells of the terminal: 漢字 takes four, a letter with its combining accent one. All text that
// must end at a column is measured here.
//
//   displayWidth(text)                 cells
//   truncate(text, 12, sign.ellipsis)  no wider than 12 cells, cut with …
//   fitSpans(spans, columns, …)        a line of several tones, cut or filled to exactly that width
import stringWidth from 'string-width';
import type { Span } from './theme.ts';

const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });
const plain = /^[\x20-\x7e]*$/;

export function displayWidth(text: string): number {
  return plain.test(text) ? text.length : measuredWidth(text);
}

/** A fleet of a thousand hosts has the same few signs and bars in each row, and string-width takes microseconds for one. */
const measured = new Map<string, number>();
const maxMeasured = 5000;
/** Cells are short: a line of a log, which is seen once, would only take the room of those. */
const maxLength = 200;

function measuredWidth(text: string): number {
  if (text.length > maxLength) return stringWidth(text);
  const known = measured.get(text);
  if (known !== undefined) return known;
  const cells = stringWidth(text);
  if (measured.size >= maxMeasured) measured.clear();
  measured.set(text, cells);
  return cells;
}

/** The longest beginning of `text` that takes no more than `cells`. */
function startOf(text: string, cells: number): string {
  if (cells <= 0) return '';
  if (plain.test(text)) return text.slice(0, cells);
  let used = 0;
  let end = 0;
  for (const { segment, index } of graphemes.segment(text)) {
    used += stringWidth(segment);
    if (used > cells) break;
    end = index + segment.length;
  }
  return text.slice(0, end);
}

/** No wider than `cells`. If the text is cut, it ends with `ellipsis` (one cell). */
export function truncate(text: string, cells: number, ellipsis: string): string {
  if (displayWidth(text) <= cells) return text;
  return cells > 0 ? startOf(text, cells - 1) + ellipsis : '';
}

/** The same, cut in the middle, because names of hosts differ at their ends. */
export function truncateMiddle(text: string, cells: number, ellipsis: string): string {
  if (displayWidth(text) <= cells) return text;
  if (cells < 4) return truncate(text, cells, ellipsis);
  const tailCells = Math.floor((cells - 1) / 2);
  if (plain.test(text)) return text.slice(0, cells - 1 - tailCells) + ellipsis + text.slice(-tailCells);
  const reversed = [...graphemes.segment(text)].map(({ segment }) => segment).reverse();
  const tail: string[] = [];
  let used = 0;
  for (const segment of reversed) {
    used += displayWidth(segment);
    if (used > tailCells) break;
    tail.unshift(segment);
  }
  return startOf(text, cells - 1 - tailCells) + ellipsis + tail.join('');
}

/** The least width, from `least` to `most` cells, in which no two of the names look the same when they are cut in their middle. */
export function distinctWidth(names: readonly string[], least: number, most: number): number {
  const different = new Set(names);
  for (let cells = least; cells < most; cells++)
    if (new Set([...different].map((name) => truncateMiddle(name, cells, '…'))).size === different.size) return cells;
  return most;
}

export function spansWidth(spans: readonly Span[]): number {
  return spans.reduce((width, { text }) => width + displayWidth(text), 0);
}

/** Spans no wider than `cells`: the last one that fits is cut, the following ones are dropped. */
export function truncateSpans(spans: readonly Span[], cells: number, ellipsis: string): readonly Span[] {
  if (spansWidth(spans) <= cells) return spans;
  const kept: Span[] = [];
  let left = cells;
  for (const span of spans) {
    const width = displayWidth(span.text);
    // A span that ends exactly at the edge is cut as well, to show that something is missing.
    if (width >= left) {
      kept.push({ ...span, text: truncate(`${span.text}  `, left, ellipsis) });
      break;
    }
    kept.push(span);
    left -= width;
  }
  return kept;
}

/** Spans exactly `cells` wide. */
export function fitSpans(spans: readonly Span[], cells: number, ellipsis: string): readonly Span[] {
  const cut = truncateSpans(spans, cells, ellipsis);
  const blanks = cells - spansWidth(cut);
  return blanks > 0 ? [...cut, { text: ' '.repeat(blanks) }] : cut;
}

/** `left` and `right` at the two ends of `cells`; `left` is cut where both do not fit. */
export function betweenEdges(
  left: readonly Span[],
  right: readonly Span[],
  cells: number,
  ellipsis: string,
): readonly Span[] {
  const room = cells - spansWidth(right);
  if (room <= 0) return truncateSpans(right, cells, ellipsis);
  return [...fitSpans(left, room, ellipsis), ...right];
}
