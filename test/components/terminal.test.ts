import { expect, test } from 'vitest';
import { fullLook, styleOf } from '../../components/base/theme.ts';
import { keysOf } from '../../components/keys.ts';
import { matching } from '../../components/palette.ts';
import { clipboardSequence, mostCopiedBytes, titleSequences } from '../../components/terminal.ts';
import { commands } from '../../src/commands/list.ts';
import { lookOf } from '../../src/console.ts';

test('what is copied reaches the clipboard of the terminal, through tmux as well', () => {
  const plain = '\x1b]52;c;ZGIx\x07';
  expect(clipboardSequence('db1', {})).toBe(plain);
  expect(clipboardSequence('db1', { TMUX: '/tmp/tmux-0/default,1,0' })).toBe(
    `${plain}\x1bPtmux;\x1b\x1b]52;c;ZGIx\x07\x1b\\`,
  );
});

test('what is longer than terminals take is not sent half', () => {
  expect(clipboardSequence('x'.repeat(mostCopiedBytes + 1), {})).toBeUndefined();
});

test('a terminal that has no title gets none', () => {
  expect(titleSequences('reseed', { TERM: 'linux' })).toEqual({ set: '', restore: '' });
  expect(titleSequences('reseed', { TERM: 'xterm' }).set).toBe('\x1b[22;0t\x1b]2;reseed\x07');
});

test('a locale that is not UTF-8 gets ASCII, NO_COLOR no colour, and an empty NO_COLOR counts as none', () => {
  expect(lookOf({}, { LC_ALL: 'C' }).unicode).toBe(false);
  expect(lookOf({}, { LANG: 'de_DE.UTF-8' }).unicode).toBe(true);
  expect(lookOf({}, { NO_COLOR: '1' }).colour).toBe(false);
  expect(lookOf({}, { NO_COLOR: '' }).colour).toBe(true);
});

test('without colour a tone keeps its weight', () => {
  expect(styleOf('bad', { ...fullLook, colour: false })).toEqual({ bold: true });
  expect(styleOf('bad', fullLook)).toEqual({ bold: true, color: 'red' });
});

const noKey = {
  upArrow: false,
  downArrow: false,
  leftArrow: false,
  rightArrow: false,
  pageDown: false,
  pageUp: false,
  home: false,
  end: false,
  return: false,
  escape: false,
  ctrl: false,
  shift: false,
  tab: false,
  backspace: false,
  delete: false,
  meta: false,
  super: false,
  hyper: false,
  capsLock: false,
  numLock: false,
};

test('keys that came together are taken apart; alt and a letter is not the letter', () => {
  expect(keysOf('/db 1\r', noKey)).toEqual(['/', 'd', 'b', 'space', '1', 'enter']);
  expect(keysOf('c', { ...noKey, ctrl: true })).toEqual(['ctrl+c']);
  expect(keysOf('q', { ...noKey, meta: true })).toEqual([]);
  expect(keysOf('', { ...noKey, tab: true, shift: true })).toEqual(['shift+tab']);
});

test('the palette puts the likeliest first, and leaves out what has not all the letters', () => {
  expect(matching('srtlag', commands)[0]?.name).toBe('sort.lag');
  expect(matching('quit', commands)[0]?.name).toBe('console.quit');
  expect(matching('xyzzy', commands)).toEqual([]);
  expect(matching('', commands)).toEqual(commands);
});
