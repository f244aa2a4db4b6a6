// A small table as ink-table draws it, and as lines of text: both have to look alike for any content of the cells.
import fc from 'fast-check';
import { Box } from 'ink';
import { Table } from 'ink-table';
import { render } from 'ink-testing-library';
import type { ReactNode } from 'react';
import { expect, onTestFinished, test } from 'vitest';
import { InkTable } from '../../../components/base/InkTable.tsx';
import { TabledLines, type TabledText } from '../../../components/base/SmallTable.tsx';
import { type SmallColumn, smallTable, tableText } from '../../../components/base/small-table.ts';
import { fullLook, type Look, LookContext, type Span } from '../../../components/base/theme.ts';
import { displayWidth } from '../../../components/base/width.ts';

interface Row {
  readonly name: string;
  readonly size: string;
  readonly note?: Span;
}

const columns: readonly SmallColumn<Row>[] = [
  { title: 'NAME', cuts: true, cell: ({ name }) => ({ text: name }) },
  { title: 'SIZE', align: 'right', cell: ({ size }) => ({ text: size }) },
  { title: 'NOTE', goes: 1, cell: ({ note }) => note ?? { text: '' } },
  { title: 'TAGS', goes: 0, cell: () => ({ text: 'x'.repeat(20) }) },
];

function drawn(text: TabledText, { width = 80, top = 0, height = 20, look = fullLook } = {}) {
  const node: ReactNode = (
    <LookContext value={look}>
      <Box width={width} height={height} flexDirection="column">
        <TabledLines text={text} top={top} height={height} />
      </Box>
    </LookContext>
  );
  const instance = render(node);
  onTestFinished(() => instance.unmount());
  return () =>
    instance
      .lastFrame()
      ?.split('\n')
      .map((line) => line.trimEnd()) ?? [];
}

function tabledText(
  rows: readonly Row[],
  width = 80,
  look: Look = fullLook,
): Required<TabledText> & { readonly plain: string[] } {
  const table = smallTable(columns, rows, width);
  const lines: (readonly Span[])[] = [[{ text: 'above' }], ...tableText(table, width, look), [{ text: 'below' }]];
  const plain = lines.map((spans) =>
    spans
      .map(({ text }) => text)
      .join('')
      .trimEnd(),
  );
  return { lines, table: { at: 1, heading: true, table }, plain };
}

/** Lines of text are shown until ink-table is loaded: each test waits until it has drawn. */
let byInkTable = 0;
const { getColumns } = Table.prototype;
Table.prototype.getColumns = function counted(...args) {
  byInkTable += 1;
  return getColumns.apply(this, args);
};

const rows: readonly Row[] = [
  { name: 'vg0', size: '4.0G', note: { text: '✖ failed', tone: 'bad' } },
  { name: '漢字 é', size: '812M', note: { text: '' } },
  { name: ' an odd name ', size: '?' },
];

test('is drawn by ink-table without borders, as its lines of text are, wide letters too', () => {
  const { table, plain } = tabledText(rows);
  const instance = render(<InkTable table={table.table} heading />);
  onTestFinished(() => instance.unmount());
  const lines = instance
    .lastFrame()
    ?.split('\n')
    .map((line) => line.trimEnd());
  expect(byInkTable).toBeGreaterThan(0);
  expect(lines).toEqual(plain.slice(1, -1));
  expect(lines?.[0]).toBe(' NAME           SIZE  NOTE      TAGS');
  expect(lines?.[2]).toBe(' 漢字 é         812M            xxxxxxxxxxxxxxxxxxxx');
});

test('a window on its lines shows the part that is in it', async () => {
  const text = tabledText(rows);
  for (const [top, height] of [
    [0, 2],
    [1, 2],
    [2, 2],
    [3, 3],
    [4, 2],
    [0, 1],
  ] as const) {
    byInkTable = 0;
    const lines = drawn(text, { top, height });
    if (top + height > 1) await expect.poll(() => byInkTable).toBeGreaterThan(0);
    await expect.poll(() => lines().slice(0, height)).toEqual(text.plain.slice(top, top + height));
  }
});

test('no text and no width makes a line wider than the pane, or lays a column elsewhere', () => {
  const word = fc.oneof(
    fc.string({ maxLength: 30 }),
    fc.constantFrom('漢字漢字漢字漢字漢字', '👩‍👩‍👧', 'é'.normalize('NFD')),
  );
  const clean = word.map((text) => text.replace(/[^\p{L}\p{N}\p{P}\p{S}\p{M} \u200d]/gu, ''));
  const some = fc.array(fc.record({ name: clean, size: clean }), { minLength: 1, maxLength: 5 });
  fc.assert(
    fc.property(some, fc.integer({ min: 12, max: 120 }), (made, width) => {
      for (const line of tabledText(made, width).plain) expect(displayWidth(line)).toBeLessThanOrEqual(width);
    }),
  );
});

test('columns of little worth go first, then the name is cut', () => {
  const titles = (width: number) => smallTable(columns, rows, width).titles.join(' ');
  expect(titles(80)).toBe('NAME SIZE NOTE TAGS');
  expect(titles(40)).toBe('NAME SIZE NOTE');
  expect(titles(20)).toBe('NAME SIZE');
  const [, first] = tabledText([{ name: 'a long name of a volume', size: '4.0G' }], 20).plain.slice(1);
  expect(first).toBe(' a long name…  4.0G');
});
