// The colours of the console, measured: readable on the background that they are for, and states that everyone tells apart.
import { expect, test } from 'vitest';
import { type ColourName, colourNames, colourNumber } from '../../../components/base/palette.ts';
import { fullLook, styleOf } from '../../../components/base/theme.ts';

type Rgb = readonly [number, number, number];

/** Of one of xterm's 256 colours, in linear light of 0 to 1. */
function light(number: number): Rgb {
  const steps = [0, 95, 135, 175, 215, 255];
  const at = number - 16;
  const parts = [steps[Math.floor(at / 36)], steps[Math.floor(at / 6) % 6], steps[at % 6]].map((part = 0) => {
    const one = part / 255;
    return one <= 0.03928 ? one / 12.92 : ((one + 0.055) / 1.055) ** 2.4;
  });
  return [parts[0] ?? 0, parts[1] ?? 0, parts[2] ?? 0];
}

const luminance = ([red, green, blue]: Rgb) => 0.2126 * red + 0.7152 * green + 0.0722 * blue;

/** WCAG 2: 4.5 is the least for text. */
function contrast(number: number, background: 'dark' | 'light'): number {
  const [one, other] = [luminance(light(number)), background === 'light' ? 1 : 0];
  return (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
}

/** Machado, Oliveira and Fernandes 2009, for the whole loss of one kind of cones. */
const losses = {
  'the long waves (protanopia)': [
    0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216, -0.003882, -0.048116, 1.051998,
  ],
  'the middle waves (deuteranopia)': [
    0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413, -0.01182, 0.04294, 0.968881,
  ],
  'the short waves (tritanopia)': [
    1.255528, -0.076749, -0.178779, -0.078411, 0.930809, 0.147602, 0.004733, 0.691367, 0.3039,
  ],
} as const;

function lab([red, green, blue]: Rgb): Rgb {
  const f = (part: number) => (part > 0.008856 ? Math.cbrt(part) : 7.787 * part + 16 / 116);
  const x = f((0.4124 * red + 0.3576 * green + 0.1805 * blue) / 0.95047);
  const y = f(0.2126 * red + 0.7152 * green + 0.0722 * blue);
  const z = f((0.0193 * red + 0.1192 * green + 0.9505 * blue) / 1.08883);
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

function seen(number: number, loss: readonly number[]): Rgb {
  const rgb = light(number);
  const row = (at: number) =>
    Math.min(
      1,
      Math.max(
        0,
        rgb.reduce((sum, part, index) => sum + part * (loss[at * 3 + index] ?? 0), 0),
      ),
    );
  return lab([row(0), row(1), row(2)]);
}

/** 10 is told apart at a glance; names of states lie on either side of it. */
const leastDistance = 20;

const numberOf = (name: ColourName, background: 'dark' | 'light', palette: 'standard' | 'colour-blind') => {
  const number = colourNumber(name, { background, palette });
  if (number === undefined) throw new Error(`${name} is the terminal's own`);
  return number;
};

test.each([
  ['light', 'standard'],
  ['light', 'colour-blind'],
  ['dark', 'colour-blind'],
] as const)('every colour of %s, %s is readable on its background', (background, palette) => {
  for (const name of colourNames)
    expect(contrast(numberOf(name, background, palette), background), name).toBeGreaterThan(4.5);
});

test.each(['light', 'dark'] as const)(
  'on %s, the colours for the colour-blind tell good, warning and bad apart for everyone',
  (background) => {
    const states = (['green', 'yellow', 'red'] as const).map((name) => numberOf(name, background, 'colour-blind'));
    for (const [name, loss] of Object.entries(losses))
      for (const [at, one] of states.entries())
        for (const other of states.slice(at + 1)) {
          const distance = Math.hypot(...seen(one, loss).map((part, index) => part - (seen(other, loss)[index] ?? 0)));
          expect(distance, `${one} and ${other} without ${name}`).toBeGreaterThan(leastDistance);
        }
  },
);

test('on a dark background the standard palette is what the terminal has; with NO_COLOR there is none, whatever is set', () => {
  expect(styleOf('warning', fullLook)).toEqual({ color: 'yellow' });
  expect(styleOf('warning', { ...fullLook, background: 'light' })).toEqual({ color: 'ansi256(130)' });
  expect(styleOf('bad', { ...fullLook, colour: false, background: 'light', palette: 'colour-blind' })).toEqual({
    bold: true,
  });
});
