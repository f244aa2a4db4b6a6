// The background that the terminal tells: never taken for keys, in whatever pieces it comes.
import { expect, test } from 'vitest';
import { asksBackground, backgroundIn, guessedBackground } from '../../components/background.ts';
import { fullLook } from '../../components/base/theme.ts';
import { createReportSorter } from '../../components/mouse/reports.ts';
import { lookOf } from '../../src/console/terminal-here.ts';

test.each([
  ['rgb:ffff/ffff/ffff', 'light'],
  ['rgb:fdfd/f6f6/e3e3', 'light'],
  ['rgb:0000/2b2b/3636', 'dark'],
  ['rgba:ff/ff/ff/ff', 'light'],
  ['rgb:0/0/8', 'dark'],
  ['?', undefined],
  ['black', undefined],
])('%s is %s', (reply, background) => {
  expect(backgroundIn(reply)).toBe(background);
});

test('$COLORFGBG is the guess of terminals that have it', () => {
  expect(guessedBackground({ COLORFGBG: '0;15' })).toBe('light');
  expect(guessedBackground({ COLORFGBG: '15;default;0' })).toBe('dark');
  expect(guessedBackground({})).toBeUndefined();
});

test.each([
  ['with ST', '\x1b]11;rgb:ffff/ffff/ffff\x1b\\'],
  ['with BEL', '\x1b]11;rgb:ffff/ffff/ffff\x07'],
])('an answer %s gives no key, wherever it is cut and however late its parts come', (_, answer) => {
  for (let at = 1; at < answer.length; at++) {
    const { sort, waiting, release } = createReportSorter();
    const first = sort(`j${answer.slice(0, at)}`);
    // Nothing came for a moment.
    const early = waiting() === '' ? '' : release();
    const then = sort(`${answer.slice(at)}]k`);
    expect([first.typed, then.typed, then.answers], `cut at ${at}`).toEqual(['j', ']k', ['rgb:ffff/ffff/ffff']]);
    expect(['', '\x1b']).toContain(early);
  }
});

test('an answer that is no colour, too long or broken off is not typed; what follows it is', () => {
  const { sort } = createReportSorter();
  // An echo of the question.
  expect(sort('\x1b]11;?\x1b\\j').typed).toBe('j');
  expect(sort(`\x1b]11;${'f'.repeat(50)}\x07`).typed).not.toContain(']11');
  expect(sort('\x1b]11;black\x07j')).toEqual({ typed: 'j', reports: [], answers: ['black'] });
  expect(sort('\x1b]11;rgb:ff\x1b[Aj').typed).toBe('\x1b[Aj');
});

test('an escape and a bracket that are keys stay keys', () => {
  const { sort, waiting, release } = createReportSorter();
  sort('\x1b');
  expect([waiting(), release()]).toEqual(['\x1b', '\x1b']);
  expect(sort(']').typed).toBe(']');
  expect(sort('\x1b]k').typed).toBe('\x1b]k');
});

test('only a terminal that takes the question is asked, and only where the answer matters', () => {
  const xterm = { TERM: 'xterm-256color' };
  expect(asksBackground(fullLook, xterm)).toBe(true);
  for (const TERM of ['linux', 'dumb', '']) expect(asksBackground(fullLook, { TERM })).toBe(false);
  for (const look of [{ background: 'dark' }, { colour: false }, { linear: true }] as const)
    expect(asksBackground({ ...fullLook, ...look }, xterm)).toBe(false);
});

test('an option wins over what the file says, and both over nothing; NO_COLOR takes all colour away', () => {
  expect(lookOf({ background: 'light', palette: 'colour-blind' }, { LANG: 'C.UTF-8' })).toEqual({
    colour: true,
    unicode: true,
    linear: false,
    background: 'light',
    palette: 'colour-blind',
  });
  expect(lookOf({ background: 'light' }, { NO_COLOR: '1' }).colour).toBe(false);
});
