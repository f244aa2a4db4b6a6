// A state as an operator sees it: one sign, one word, one tone, the same in the console, the verbs and JSON. The tables
// are beside the states (job/words/badges.ts, fleet/badges.ts, operations/hosts/findings.ts). A tone only repeats what
// sign and word say. Pure.

export const unicodeSigns = {
  up: '●',
  down: '○',
  bad: '✖',
  good: '✔',
  warning: '!',
  unknown: '?',
  waiting: '◌',
  running: '▶',
  over: '■',
  none: '–',
} as const;

export type SignName = keyof typeof unicodeSigns;

/** Each is one cell wide. Signs with different meanings look different. */
export const asciiSigns: Readonly<Record<SignName, string>> = {
  up: '*',
  down: 'o',
  bad: 'x',
  good: '+',
  warning: '!',
  unknown: '?',
  waiting: '.',
  running: '@',
  over: '=',
  none: '-',
};

/** `dim` is for old or minor things; `accent` for work in progress. */
export type BadgeTone = 'plain' | 'dim' | 'good' | 'warning' | 'bad' | 'accent';

export interface Badge {
  readonly sign: SignName;
  /** One word or two. */
  readonly word: string;
  readonly tone: BadgeTone;
}

/** The badge's sign in Unicode, as the verbs print it. */
export const signOf = ({ sign }: Badge): string => unicodeSigns[sign];

/** `● up`, `✖ crash-looping`; `signs`: those of a terminal without Unicode. */
export const badgeText = ({ sign, word }: Badge, signs: Readonly<Record<SignName, string>> = unicodeSigns): string =>
  `${signs[sign]} ${word}`;

/** `● 4 up`. */
export const countText = (
  { sign, word }: Badge,
  count: number,
  signs: Readonly<Record<SignName, string>> = unicodeSigns,
): string => `${signs[sign]} ${count} ${word}`;

/** A state in JSON, beside the state's own name: `{sign: "○", word: "down", tone: "bad"}`. */
export const badgeJson = ({ sign, word, tone }: Badge) => ({ sign: unicodeSigns[sign], word, tone });
