// How the console looks: the terminal's own sixteen colours, the signs, and what is left of both under NO_COLOR, --ascii and
// --screen-reader. A tone only supports what the text says already: nothing is told by colour alone.
//
//   const look = useLook();            what this terminal and this operator take
//   const sign = signsOf(look);        sign.up is ● or *
//   <Line spans={[{ text: `${sign.up} up`, tone: 'good' }]} />
import type { TextProps } from 'ink';
import { createContext, use } from 'react';
import { asciiSigns, unicodeSigns } from '../../src/text/badge.ts';

export interface Look {
  readonly colour: boolean;
  /** False: nothing but ASCII in what we draw ourselves. A host's own text stays as it is. */
  readonly unicode: boolean;
  /** For a screen reader: labelled lines, no boxes, no columns, no clock. */
  readonly linear: boolean;
}

export const fullLook: Look = { colour: true, unicode: true, linear: false };
export const LookContext = createContext<Look>(fullLook);
export const useLook = (): Look => use(LookContext);

/**
 * `dim` is for what is old or of little weight; `strong` for titles; `accent` for keys and names one may act on; `letter` for
 * the letter of a title that is its key.
 */
export const tones = ['plain', 'dim', 'strong', 'letter', 'good', 'warning', 'bad', 'accent'] as const;
export type Tone = (typeof tones)[number];

/** A piece of a line. Its text is clean and on one line. */
export interface Span {
  readonly text: string;
  readonly tone?: Tone;
}

type Style = Pick<TextProps, 'color' | 'dimColor' | 'bold' | 'underline'>;

const styles: Readonly<Record<Tone, Style>> = {
  plain: {},
  dim: { dimColor: true },
  strong: { bold: true },
  letter: { bold: true, underline: true },
  good: { color: 'green' },
  warning: { color: 'yellow' },
  bad: { color: 'red', bold: true },
  accent: { color: 'cyan' },
};

/** What a tone is for Ink's Text. Without colour (no-color.org) its weight is what stays. */
export function styleOf(tone: Tone, look: Look): Style {
  const { color, ...weight } = styles[tone];
  return look.colour && color !== undefined ? { color, ...weight } : weight;
}

const unicodeMarks = {
  ...unicodeSigns,
  selected: '▸',
  ellipsis: '…',
  dot: '·',
  rule: '─',
  ascending: '▲',
  descending: '▼',
  barFull: '█',
  barHalf: '▌',
  barEmpty: '░',
} as const;

type Signs = Readonly<Record<keyof typeof unicodeMarks, string>>;

/** Each one cell wide, and no two that mean different things alike. */
const asciiMarks: Signs = {
  ...asciiSigns,
  selected: '>',
  ellipsis: '~',
  dot: '|',
  rule: '-',
  ascending: '^',
  descending: 'v',
  barFull: '#',
  barHalf: '=',
  barEmpty: '.',
};

export const signsOf = (look: Look): Signs => (look.unicode ? unicodeMarks : asciiMarks);
