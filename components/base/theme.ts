// The look of the console: its tones (their colours are in palette.ts), the signs, and what remains of both under NO_COLOR,
// --ascii and --screen-reader. A tone only repeats what the text says: nothing is told by colour alone.
//
//   const look = useLook();            what this terminal and this operator accept
//   const sign = signsOf(look);        sign.up is ● or *
//   <Line spans={[{ text: `${sign.up} up`, tone: 'good' }]} />
import type { TextProps } from 'ink';
import { createContext, use } from 'react';
import type { Colours } from '../../src/commands/colours.ts';
import { asciiSigns, unicodeSigns } from '../../src/text/badge.ts';
import { type ColourName, colourOf } from './palette.ts';

export interface Look extends Colours {
  readonly colour: boolean;
  /** False: the console draws only ASCII itself. A host's own text stays as it is. */
  readonly unicode: boolean;
  /** For a screen reader: labelled lines, no boxes, no columns, no clock. */
  readonly linear: boolean;
}

export const fullLook: Look = { colour: true, unicode: true, linear: false };
export const LookContext = createContext<Look>(fullLook);
export const useLook = (): Look => use(LookContext);

/**
 * `dim` is for old or minor things; `strong` for titles; `accent` for keys, and names that can be acted on; `letter`
 * for the letter of a title that is its key; `on red` for the name of an environment.
 */
export const tones = [
  'plain',
  'dim',
  'strong',
  'letter',
  'good',
  'warning',
  'bad',
  'accent',
  'on red',
  'on yellow',
  'on green',
  'on blue',
  'on magenta',
  'on cyan',
] as const;
export type Tone = (typeof tones)[number];

/** A piece of a line. Its text is clean and on one line. */
export interface Span {
  readonly text: string;
  readonly tone?: Tone;
}

type Weight = Pick<TextProps, 'dimColor' | 'bold' | 'underline' | 'inverse'>;
type Style = Weight & Pick<TextProps, 'color'>;

const styles: Readonly<Record<Tone, Weight & { readonly color?: ColourName }>> = {
  plain: {},
  dim: { dimColor: true },
  strong: { bold: true },
  letter: { bold: true, underline: true },
  good: { color: 'green' },
  warning: { color: 'yellow' },
  bad: { color: 'red', bold: true },
  accent: { color: 'cyan' },
  'on red': { color: 'red', inverse: true, bold: true },
  'on yellow': { color: 'yellow', inverse: true, bold: true },
  'on green': { color: 'green', inverse: true, bold: true },
  'on blue': { color: 'blue', inverse: true, bold: true },
  'on magenta': { color: 'magenta', inverse: true, bold: true },
  'on cyan': { color: 'cyan', inverse: true, bold: true },
};

/** A tone as Ink's Text takes it. Without colour (no-color.org) only its weight remains. */
export function styleOf(tone: Tone, look: Look): Style {
  const { color, ...weight } = styles[tone];
  return look.colour && color !== undefined ? { color: colourOf(color, look), ...weight } : weight;
}

const unicodeMarks = {
  ...unicodeSigns,
  selected: '▸',
  marked: '◆',
  ellipsis: '…',
  dot: '·',
  rule: '─',
  step: '›',
  branch: '└',
  from: '‹',
  ascending: '▲',
  descending: '▼',
  barFull: '█',
  barHalf: '▌',
  barEmpty: '░',
} as const;

type Signs = Readonly<Record<keyof typeof unicodeMarks, string>>;

/** Each is one cell wide. Signs with different meanings look different. */
const asciiMarks: Signs = {
  ...asciiSigns,
  selected: '>',
  marked: '&',
  ellipsis: '~',
  dot: '|',
  rule: '-',
  step: '/',
  branch: '`',
  from: '<',
  ascending: '^',
  descending: 'v',
  barFull: '#',
  barHalf: '=',
  barEmpty: '.',
};

export const signsOf = (look: Look): Signs => (look.unicode ? unicodeMarks : asciiMarks);
