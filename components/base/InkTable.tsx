// A small table by ink-table, without its borders: they would take more lines than the rows do.
import { Text } from 'ink';
import { type CellProps, Table } from 'ink-table';
import type { PropsWithChildren, ReactElement, ReactNode } from 'react';
import { useMemo } from 'react';
import { columnGap, type SmallTable } from './small-table.ts';
import { type Slot, tableLine } from './Table.tsx';
import { styleOf, type Tone, tones, useLook } from './theme.ts';

interface InkTableProps {
  readonly table: SmallTable;
  readonly heading: boolean;
}

export function InkTable({ table: { titles, slots, rows }, heading }: InkTableProps): ReactElement {
  const shape = JSON.stringify([titles, slots, heading]);
  const parts = useMemo(() => partsOf(JSON.parse(shape)), [shape]);
  const data = rows.map((cells) =>
    Object.fromEntries(cells.map(({ text, tone = 'plain' }, at) => [titles[at] ?? '', marked(text, tone)])),
  );
  // ink-table takes its components when it is mounted, and ignores later ones.
  return <Table key={shape} data={data} columns={[...titles]} {...parts} />;
}

type Shape = readonly [titles: readonly string[], slots: readonly Slot[], heading: boolean];

/**
 * ink-table counts letters, not cells of the terminal, so each text is fitted again to its column. It draws the cells
 * of its borders by `skeleton`; an empty line takes no line of the screen.
 */
function partsOf([titles, slots, heading]: Shape) {
  const nothing = () => <></>;
  const cell = ({ column, children }: CellProps) => {
    const [, mark = '', text = ''] = /^ *(.)(.*?) *$/u.exec(String(children)) ?? [];
    return <Fitted text={text} tone={tones[mark.charCodeAt(0) - firstMark] ?? 'plain'} slot={slots[column]} />;
  };
  const header = ({ children }: PropsWithChildren) => {
    const title = String(children).trim();
    return <Fitted text={title} tone="dim" slot={slots[titles.indexOf(title)]} />;
  };
  return { cell, header: heading ? header : nothing, skeleton: nothing };
}

interface FittedProps {
  readonly text: string;
  readonly tone: Tone;
  readonly slot: Slot | undefined;
}

/** Half of the gap on either side. */
function Fitted({ text, tone, slot = { width: 0 } }: FittedProps): ReactNode {
  const look = useLook();
  const side = ' '.repeat(columnGap / 2);
  const fitted = tableLine([slot], [[{ text }]], 0, look)
    .map((span) => span.text)
    .join('');
  return (
    <Text wrap="truncate-end" {...styleOf(tone, look)}>
      {`${side}${fitted}${side}`}
    </Text>
  );
}

/** Private letters of Unicode. A cell gets its column and its text, and not its row, so the tone is the text's first letter. */
const firstMark = 0xe000;
const marked = (text: string, tone: Tone) => `${String.fromCharCode(firstMark + tones.indexOf(tone))}${text}`;
