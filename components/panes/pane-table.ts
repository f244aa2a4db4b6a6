// A small table among the lines of a pane. Pure.
import type { HostPicture } from '../../src/fleet/picture.ts';
import { ageMs, isOld } from '../../src/fleet/staleness.ts';
import type { ReportPart } from '../../src/host/facts.ts';
import { shortDuration } from '../../src/text/amounts.ts';
import type { TabledText } from '../base/SmallTable.tsx';
import { type SmallColumn, smallTable, tableText } from '../base/small-table.ts';
import { dimmed, field, type PaneLine, type PaneScene, span } from './fields.ts';

/** A table as lines. */
export function tabled<R>(
  columns: readonly SmallColumn<R>[],
  rows: readonly R[],
  { look, width }: Pick<PaneScene, 'look' | 'width'>,
): Tabled {
  const table = smallTable(columns, rows, width);
  return { lines: tableText(table, width, look), table: { at: 0, heading: !look.linear, table } };
}

export type Tabled = Required<TabledText>;

/** The same table between other lines. */
export function amid(before: readonly PaneLine[], { lines, table }: Tabled, after: readonly PaneLine[] = []): Tabled {
  return { lines: [...before, ...lines, ...after], table: { ...table, at: table.at + before.length } };
}

/** If its part of the report is old: drawn as old, with its age in a line above. */
export function agedTable(
  { lines, table: placed }: Tabled,
  part: ReportPart,
  picture: Pick<HostPicture, 'partAtMs'>,
  { nowMs }: PaneScene,
): Tabled {
  if (!isOld(picture, part, nowMs)) return { lines, table: placed };
  const rows = placed.table.rows.map(dimmed);
  const age = field('as of', [span(`${shortDuration(ageMs(picture, part, nowMs) ?? 0)} ago`, 'dim')]);
  return amid([age], { lines: lines.map(dimmed), table: { ...placed, table: { ...placed.table, rows } } });
}

/** Without the table's heading, if not all lines fit: a row says more. */
export function fittingLines<T extends TabledText>(text: T, height: number): T {
  const { lines, table } = text;
  if (!table?.heading || lines.length <= height) return text;
  return { ...text, lines: lines.toSpliced(table.at, 1), table: { ...table, heading: false } };
}
