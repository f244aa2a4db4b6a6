// A line of the log as rows of the screen: its severity as letter and colour, matches of the search marked, long lines
// wrapped or cut. Also which lines a window shows. Only visible lines are made.

import { severityLetters } from '../../../src/fleet/log/severity.ts';
import type { LogEntry } from '../../../src/fleet/log/view.ts';
import type { Severity } from '../../../src/host/facts.ts';
import { wrapped } from '../../../src/text/wrap.ts';
import { type Look, type Span, signsOf, type Tone } from '../../base/theme.ts';
import { truncateSpans } from '../../base/width.ts';

export interface RowStyle {
  readonly width: number;
  readonly wrap: boolean;
  readonly times: boolean;
  readonly pattern: RegExp | undefined;
  readonly look: Look;
}

/** Cursor or mark of a match, a blank, the letter, a blank. */
const marginCells = 4;
const tones: Readonly<Record<Severity, Tone>> = { error: 'bad', warning: 'warning', note: 'plain', system: 'accent' };

interface Broken {
  readonly width: number;
  readonly times: boolean;
  readonly rows: readonly string[];
}
/** A line is wrapped once for a width, however often it is drawn. */
const broken = new WeakMap<LogEntry, Broken>();

function textOf({ text, time }: LogEntry, times: boolean): string {
  return !times && time !== undefined && text.startsWith(time) ? text.slice(time.length).trimStart() : text;
}

function textRows(entry: LogEntry, { width, wrap, times }: RowStyle): readonly string[] {
  if (!wrap) return [textOf(entry, times)];
  const known = broken.get(entry);
  if (known?.width === width && known.times === times) return known.rows;
  const rows = wrapped(textOf(entry, times), Math.max(10, width - marginCells));
  broken.set(entry, { width, times, rows });
  return rows;
}

export function rowCount(entry: LogEntry, style: RowStyle): number {
  return textRows(entry, style).length;
}

export function entryRows(entry: LogEntry, atCursor: boolean, style: RowStyle): readonly (readonly Span[])[] {
  const { look, pattern, width } = style;
  const sign = signsOf(look);
  if (entry.event !== undefined) {
    const margin = atCursor ? sign.selected : ' ';
    const line = [
      { text: `${margin} ${sign.rule.repeat(2)} ${entry.text} ${sign.rule.repeat(2)}`, tone: 'dim' } as const,
    ];
    return [truncateSpans(line, width, sign.ellipsis)];
  }
  const { severity } = entry;
  const tone = severity === undefined ? 'plain' : tones[severity];
  const letter = severity === undefined ? ' ' : severityLetters[severity];
  const isMatch = pattern !== undefined && entry.text.search(pattern) >= 0;
  return textRows(entry, style).map((row, index) => {
    const mark = index > 0 ? ' ' : atCursor ? sign.selected : isMatch ? '*' : ' ';
    const spans = [
      { text: `${mark} `, tone: 'strong' } as const,
      { text: `${index > 0 ? ' ' : letter} `, tone },
      ...setOff(row, tone, pattern),
    ];
    return truncateSpans(spans, width, sign.ellipsis);
  });
}

/** Marks matches by a tone of their own; the `*` in the margin shows them without colour. */
function setOff(text: string, tone: Tone, pattern: RegExp | undefined): readonly Span[] {
  if (!pattern) return [{ text, tone }];
  const spans: Span[] = [];
  let from = 0;
  for (const match of text.matchAll(pattern)) {
    if (match.index > from) spans.push({ text: text.slice(from, match.index), tone });
    spans.push({ text: match[0], tone: tone === 'accent' ? 'strong' : 'accent' });
    from = match.index + match[0].length;
  }
  return [...spans, { text: text.slice(from), tone }];
}

export interface Window {
  readonly count: number;
  /** Height in rows of the screen. */
  readonly height: number;
  readonly cursor: number;
  /** The window's first entry when it was last drawn. */
  readonly top: number;
  readonly rowsAt: (index: number) => number;
}

/** The first entry of the window. It shows the cursor's whole entry if possible, and is full if there are enough entries. */
export function windowTop({ count, height, cursor, top, rowsAt }: Window): number {
  if (count === 0) return 0;
  // Every entry has at least one row, so no entry before this one has to be wrapped and measured.
  let first = Math.max(Math.min(top, cursor), cursor - height + 1, 0);
  const rows = (from: number, to: number) => {
    let sum = 0;
    for (let index = from; index <= to && sum <= height; index++) sum += rowsAt(index);
    return sum;
  };
  while (first < cursor && rows(first, cursor) > height) first++;
  while (first > 0 && rows(first - 1, count - 1) <= height) first--;
  return first;
}
