// The parts of a pane of facts: a title, a summary for when nothing else fits, and lines with a name and a value.
import type { Course } from '../../src/fleet/course.ts';
import type { HostPicture } from '../../src/fleet/picture.ts';
import { ageMs, isOld } from '../../src/fleet/staleness.ts';
import type { Known, ReportPart } from '../../src/host/facts.ts';
import { shortDuration } from '../../src/text/amounts.ts';
import { wrapped } from '../../src/text/wrap.ts';
import type { TabledText } from '../base/SmallTable.tsx';
import { type Look, type Span, signsOf, type Tone } from '../base/theme.ts';
import { truncateSpans } from '../base/width.ts';

export type PaneLine = readonly Span[];

/** A pane as text, in the width that was asked for. */
export interface PaneText extends TabledText {
  readonly title: string;
  readonly summary: string;
}

/** The inputs of every pane. */
export interface PaneScene {
  readonly nowMs: number;
  readonly look: Look;
  /** The width of a line, in cells. */
  readonly width: number;
  /** The reason shown for a part that never came. */
  readonly unasked: string;
  /** Of the host's figures over the session; absent: nothing was seen yet. */
  readonly course?: Course;
  /** When a job last replaced the data: older answers are about the old data. */
  readonly dataChangedMs?: number;
}

export const labelCells = 12;

export const span = (text: string, tone: Tone = 'plain'): Span => ({ text, tone });

/** ` datadir    /var/lib/mysql`. */
export function field(label: string, value: string | PaneLine): PaneLine {
  const spans = typeof value === 'string' ? [span(value)] : value;
  return [span(` ${label.padEnd(labelCells - 1)}`, 'dim'), ...spans];
}

/** A long value on as many lines as it needs. */
export function longField(label: string, value: string, tone: Tone, { width }: PaneScene): readonly PaneLine[] {
  const rows = wrapped(value, Math.max(10, width - labelCells));
  return rows.map((row, index) => field(index === 0 ? label : '', [span(row, tone)]));
}

/** `?` and the reason. */
export function unknownText(known: Known<unknown> | undefined, { unasked }: Pick<PaneScene, 'unasked'>): string {
  if (known?.ok) return '';
  return `? (${known ? known.why : unasked})`;
}

export const unknownField = (label: string, known: Known<unknown> | undefined, scene: PaneScene): PaneLine =>
  field(label, [span(unknownText(known, scene), 'warning')]);

/** The texts that exist, joined by dots. */
export function joined(look: Look, ...texts: readonly (string | undefined | false)[]): string {
  return texts.filter((text) => text).join(` ${signsOf(look).dot} `);
}

/** Cut to the width. Drawn as old, with its age, if its part of the report is old. */
export function aged(
  lines: readonly PaneLine[],
  part: ReportPart,
  picture: Pick<HostPicture, 'partAtMs'>,
  { nowMs, look, width, dataChangedMs }: PaneScene,
): readonly PaneLine[] {
  const { ellipsis } = signsOf(look);
  const atMs = picture.partAtMs[part];
  const isOfOldData =
    part === 'datadirSize' && atMs !== undefined && dataChangedMs !== undefined && atMs < dataChangedMs;
  const old = isOfOldData || isOld(picture, part, nowMs);
  const [first = [], ...more] = old ? lines.map(dimmed) : lines;
  const age = old ? [span(`  ${shortDuration(ageMs(picture, part, nowMs) ?? 0)} old`, 'dim')] : [];
  // The age stays when the value has to be cut.
  const ageCells = age[0]?.text.length ?? 0;
  const head = [...truncateSpans(first, Math.max(0, width - ageCells), ellipsis), ...age];
  const cut = [head, ...more].map((line) => truncateSpans(line, width, ellipsis));
  return lines.length === 0 ? [] : cut;
}

/** `10 min old: 71 % used`: where only the title of a pane is seen, its age is too. */
export function agedSummary(
  summary: string,
  parts: readonly ReportPart[],
  picture: Pick<HostPicture, 'partAtMs'>,
  { nowMs }: Pick<PaneScene, 'nowMs'>,
): string {
  const ages = parts.filter((part) => isOld(picture, part, nowMs)).map((part) => ageMs(picture, part, nowMs) ?? 0);
  return ages.length === 0 ? summary : `${shortDuration(Math.max(...ages))} old: ${summary}`;
}

export const dimmed = (line: PaneLine): PaneLine => line.map(({ text }) => ({ text, tone: 'dim' }));
