// The operator's own keys: what the file may say, and that every mistake in it has its place.
import { afterEach, expect, test } from 'vitest';
import { readConfig } from '../../src/commands/config.ts';
import { bindKeys, boundCommands, commandOf } from '../../src/commands/list.ts';
import { formatProblem } from '../../src/inventory/inventory.ts';

afterEach(() => bindKeys(new Map()));

const problems = (text: string) => {
  const read = readConfig(text, 'config.yaml');
  return read.ok ? [] : read.problems.map(formatProblem);
};
function bind(text: string): void {
  const read = readConfig(text, 'config.yaml');
  if (!read.ok) throw new Error(read.problems.map(formatProblem).join('\n'));
  bindKeys(read.config.keys);
}

test('a key of the file is that of its command, the key before is free, and the footer shows the new one', () => {
  bind('keys:\n  seed.open: E\n  palette.open: [ctrl+p, ":"]\n');
  expect(commandOf('E', 'fleet')?.name).toBe('seed.open');
  expect(commandOf('e', 'fleet')).toBeUndefined();
  expect(commandOf('ctrl+p', 'job')?.name).toBe('palette.open');
  expect(boundCommands().find(({ name }) => name === 'seed.open')?.keys).toEqual(['E']);
});

test('the way out of a screen, and of the console, stays whatever the file says', () => {
  bind('keys:\n  console.quit: Z\n');
  expect(commandOf('ctrl+c', 'fleet')?.name).toBe('console.quit');
  const back = boundCommands().find(({ keys }) => keys.includes('esc'));
  if (!back) throw new Error('no way back');
  bind(`keys:\n  ${back.name}: []\n`);
  expect(commandOf('esc', 'host')?.name).toBe(back.name);
});

test('an empty file, or one without keys, changes nothing', () => {
  for (const text of ['', 'keys:\n', '# nothing\n']) bind(text);
  expect(commandOf('e', 'fleet')?.name).toBe('seed.open');
});

test('a command or setting that there is not, and what is no key, are told with line and column', () => {
  expect(problems('keyes: {}\n')).toEqual(['config.yaml:1:1 unknown setting "keyes", did you mean keys?']);
  expect(problems('keys:\n  seed.opn: E\n')).toEqual([
    'config.yaml:2:3 unknown command "seed.opn", did you mean seed.open?',
  ]);
  expect(problems('keys:\n  seed.open: EE\n')[0]).toMatch(/^config\.yaml:2:14 no key: "EE", write a letter or sign/);
  expect(problems('keys:\n  seed.open: ctrl+c\n')[0]).toContain('no key');
  expect(problems('keys:\n  seed.open: {}\n')[0]).toContain('2:14 this is no key');
  expect(problems('- a\n')[0]).toContain('1:1 this is no map');
  expect(problems('keys: [\n')[0]).toMatch(/^config\.yaml:\d+:\d+ /);
});

test('mouse is true or false', () => {
  const mouse = (text: string) => {
    const read = readConfig(text, 'config.yaml');
    return read.ok && read.config.mouse;
  };
  expect([mouse(''), mouse('mouse:\n'), mouse('mouse: true\n'), mouse('mouse: false\n')]).toEqual([
    true,
    true,
    true,
    false,
  ]);
  expect(problems('mouse: off\n')).toEqual(['config.yaml:1:8 mouse is neither true nor false, write mouse: false']);
});

test('a key of two commands of one screen is told at the line of the file that doubles it', () => {
  expect(problems('keys:\n  seed.open: j\n')[0]).toMatch(/^config\.yaml:2:3 "j" is the key of .*move\.down.*on fleet/);
  expect(problems('keys:\n  seed.open: X\n  palette.open: X\n')[0]).toMatch(
    /^config\.yaml:\d:3 "X" is the key of (seed|palette)\.open/,
  );
  // The first of two keys, as in o l.
  expect(problems('keys:\n  seed.open: o\n')[0]).toContain('is the key of');
});
