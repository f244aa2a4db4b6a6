// The colours of tones, for dark and light backgrounds, and for operators who see red and green alike. Meaning never hangs on a colour: a sign and
// a word stand beside each. A test measures the contrasts, and how different the states look in the three kinds of colour blindness.
import type { TextProps } from 'ink';
import type { Background, Colours, PaletteName } from '../../src/commands/colours.ts';

type Colour = NonNullable<TextProps['color']>;

/** The colours that tones use. */
export const colourNames = ['green', 'yellow', 'red', 'cyan', 'blue', 'magenta'] as const;
export type ColourName = (typeof colourNames)[number];

type Numbers = Readonly<Record<ColourName, number>>;

/**
 * By number among the terminal's 256, since a light terminal's own yellow and cyan are mostly unreadable on white. A terminal of 16 colours gets the
 * nearest of its own (chalk). Absent: the terminal's own sixteen, which its owner has chosen for a dark background.
 */
const numbers: Readonly<Record<PaletteName, Readonly<Record<Background, Numbers | undefined>>>> = {
  standard: {
    dark: undefined,
    light: { green: 28, yellow: 130, red: 160, cyan: 24, blue: 25, magenta: 127 },
  },
  // Blue, yellow and orange, after Okabe and Ito: good states are told from bad ones by more than red and green.
  'colour-blind': {
    dark: { green: 75, yellow: 220, red: 202, cyan: 159, blue: 75, magenta: 182 },
    light: { green: 26, yellow: 130, red: 88, cyan: 90, blue: 26, magenta: 90 },
  },
};

/** The number among 256 colours; undefined: the terminal's own colour of that name. */
export const colourNumber = (name: ColourName, { background = 'dark', palette = 'standard' }: Colours) =>
  numbers[palette][background]?.[name];

/** As Ink's Text takes it. */
export function colourOf(name: ColourName, colours: Colours): Colour {
  const number = colourNumber(name, colours);
  return number === undefined ? name : `ansi256(${number})`;
}
