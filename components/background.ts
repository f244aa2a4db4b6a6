// Whether the terminal's background is light or dark: the terminal is asked (xterm's OSC 11), or $COLORFGBG tells. Its answer comes as input, and is
// taken out of it (mouse/reports.ts). Pure.
import type { Background } from '../src/commands/colours.ts';
import type { Look } from './base/theme.ts';

/** Of xterm's control sequences. tmux answers from 3.4 on, by what its own terminal told it (its CHANGES, "FROM 3.3a TO 3.4"). */
export const backgroundQuestion = '\x1b]11;?\x1b\\';

/** Not where the operator has said it, or no colour hangs on it; and not of terminals that would print the question. */
export const asksBackground = ({ background, colour, linear }: Look, { TERM: term = '' }: NodeJS.ProcessEnv): boolean =>
  background === undefined && colour && !linear && !['', 'dumb', 'linux'].includes(term);

/** rxvt, Konsole and others tell foreground and background by number: `15;0`. undefined: they do not. */
export function guessedBackground({ COLORFGBG: told = '' }: NodeJS.ProcessEnv): Background | undefined {
  const number = /^\d{1,2};(?:\w+;)?(\d{1,2})$/.exec(told)?.[1];
  if (number === undefined) return undefined;
  return number === '7' || number === '15' ? 'light' : 'dark';
}

/** `rgb:ffff/ffff/ffff`, with one to four figures each. undefined: it is no such answer. */
export function backgroundIn(answer: string): Background | undefined {
  const parts = /^rgba?:([\da-f]{1,4})\/([\da-f]{1,4})\/([\da-f]{1,4})(?:\/[\da-f]{1,4})?$/i.exec(answer)?.slice(1, 4);
  if (!parts) return undefined;
  const [red = 0, green = 0, blue = 0] = parts.map((part) => Number.parseInt(part, 16) / (16 ** part.length - 1));
  // The weights of sRGB (ITU-R BT.709).
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.5 ? 'light' : 'dark';
}
