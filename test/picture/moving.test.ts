// A moving picture of a terminal: what a terminal showed, as an SVG that a page may show as a picture.
import { expect, test } from 'vitest';
import { TestTerminal } from '../terminal.ts';
import { movingPicture } from './moving.ts';

const size = { columns: 20, rows: 3 };

test('a picture has what the terminal showed, each look in its place, text as text, and runs nothing', async () => {
  const shown = String.raw`printf 'db3 \033[31;1m<down>\033[0m \033[7mNODE\033[0m\r\n'; sleep 60`;
  const terminal = new TestTerminal('sh', ['-c', shown], size);
  await terminal.shows('NODE');
  const lines = terminal.pieces();
  terminal.close();
  expect(lines[0]?.map(({ column, text, colour, bold }) => [column, text, colour, bold])).toEqual([
    [0, 'db3 ', undefined, false],
    [4, '<down>', 1, true],
    [10, ' ', undefined, false],
    [11, 'NODE', 0, false],
  ]);
  const svg = movingPicture(
    [
      { forMs: 500, lines },
      { forMs: 1500, lines: [] },
      { forMs: 2000, lines },
    ],
    size,
  );
  expect(svg).toContain('&#60;down&#62;');
  expect(svg).not.toMatch(/<down|<script|href="(?!#)/);
  // The second screen is shown after an eighth of the whole, and lies below the first.
  expect(svg).toContain('12.500% { transform: translateY(-78px); }');
  // A line that two screens have is written once.
  expect(svg.match(/&#60;down/g)).toHaveLength(1);
});
