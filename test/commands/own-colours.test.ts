// The operator's own colours of the console: what the file may say, and that every mistake in it has its place.
import { expect, test } from 'vitest';
import { withColumns } from '../../src/commands/columns-text.ts';
import { readConfig } from '../../src/commands/config.ts';
import { formatProblem } from '../../src/inventory/inventory.ts';

const problems = (text: string) => {
  const read = readConfig(text, 'config.yaml');
  return read.ok ? [] : read.problems.map(formatProblem);
};

test('background and palette are read; without them the terminal is asked, and states are green and red', () => {
  const both = readConfig('background: light\npalette: colour-blind\n', 'config.yaml');
  expect(both).toMatchObject({ ok: true, config: { colours: { background: 'light', palette: 'colour-blind' } } });
  expect(readConfig('background:\n', 'config.yaml')).toMatchObject({ ok: true, config: { colours: {} } });
});

test('another word for one is refused at its place', () => {
  expect(problems('background: white\n')).toEqual([
    'config.yaml:1:13 unknown background "white", write one of dark, light',
  ]);
  expect(problems('mouse: true\npalette: colorblind\n')).toEqual([
    'config.yaml:2:10 unknown palette "colorblind", did you mean colour-blind?',
  ]);
  expect(problems('palette: [standard]\n')).toEqual([
    'config.yaml:1:10 this is no palette, write one of standard, colour-blind',
  ]);
  expect(problems('palete: standard\n')).toEqual(['config.yaml:1:1 unknown setting "palete", did you mean palette?']);
});

test('columns that are saved leave them as they are', () => {
  const before = 'background: light # at noon\npalette: colour-blind\n';
  expect(withColumns(before, { list: 'jobs', names: ['job'] })).toContain(before);
});
