// Which commands a typed text means, the likeliest first, as in the palettes that operators know: the beginning of a title, then
// beginnings of its words, then of other words for it, then of the words of its help, then some letters of the title in their order.
// Letters scattered over a help match nothing. Of equal ones the usable come first, then those chosen last. Pure.
import { usable } from '../../src/commands/dispatch.ts';
import {
  boundCommands,
  type Command,
  type Context,
  type ListedCommand,
  type RunCommand,
  runCommandsOf,
} from '../../src/commands/list.ts';
import type { Row } from '../screens/list/cursor.ts';
import { otherWords } from './palette-words.ts';

type Offered = ListedCommand | RunCommand;

/** The commands of a palette, the inventory's last. `own`: only these. */
export const offered = (context: Context, own = false): readonly Offered[] => [
  ...(own ? [] : boundCommands()),
  ...runCommandsOf(context),
];

/** `snapshot create`, `log mark seen`; `run NAME` for a command of the inventory. */
export const titleOf = (command: Pick<Command, 'name'> | RunCommand): string =>
  'runs' in command
    ? `run ${command.runs}`
    : command.name.replaceAll('.', ' ').replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);

interface Ranking {
  readonly context: Context;
  /** Names of commands that were chosen in the palette, the last one first. */
  readonly recent: readonly string[];
}

/** The commands that `text` may mean, the likeliest first; for an empty text all of them. */
export function matching<T extends Offered>(
  text: string,
  commands: readonly T[],
  { context, recent }: Ranking,
): readonly T[] {
  const words = wordsOf(text);
  const place = ({ name }: T) => (recent.includes(name) ? recent.indexOf(name) : recent.length);
  const unusable = (command: T) => (usable(command, context) === true ? 0 : 1);
  return commands
    .map((command) => ({ command, rank: rankOf(words, command) }))
    .filter(({ rank }) => rank < noMatch)
    .sort(
      (one, other) =>
        one.rank - other.rank ||
        unusable(one.command) - unusable(other.command) ||
        place(one.command) - place(other.command),
    )
    .map(({ command }) => command);
}

/** As rows of a list, for its cursor. */
export const paletteRows = (found: readonly Offered[]): readonly Row[] => found.map(({ name }) => ({ id: name }));

const noMatch = 5;

/** 0: the best. */
function rankOf(words: readonly string[], command: Offered): number {
  const title = titleOf(command).toLowerCase();
  const help = wordsOf(command.help);
  const others = wordsOf(('runs' in command ? undefined : otherWords[command.name]) ?? '');
  const isIn = (among: readonly string[]) => words.every((word) => among.some((one) => one.startsWith(word)));
  if (title.startsWith(words.join(' '))) return 0;
  if (isIn(wordsOf(title))) return 1;
  if (isIn([...wordsOf(title), ...others])) return 2;
  if (isIn([...wordsOf(title), ...others, ...help])) return 3;
  if (abbreviates(words.join(''), title)) return 4;
  return noMatch;
}

const wordsOf = (text: string): string[] => text.toLowerCase().match(/[\p{L}\p{N}_-]+/gu) ?? [];

/** Whether each letter is the beginning of a word, or belongs to the word of the letter before: `srtlag` is `sort lag`. */
function abbreviates(letters: string, title: string): boolean {
  const [word = '', ...more] = title.split(' ');
  const rest = more.join(' ');
  if (letters === '') return true;
  if (word === '') return false;
  if (letters[0] !== word[0]) return more.length > 0 && abbreviates(letters, rest);
  // The word may have more of the letters; the most first.
  for (let count = lettersIn(letters, word); count > 0; count--)
    if (count === letters.length || (more.length > 0 && abbreviates(letters.slice(count), rest))) return true;
  return more.length > 0 && abbreviates(letters, rest);
}

/** How many of the first letters are in the word, in their order. */
function lettersIn(letters: string, word: string): number {
  let at = 0;
  let count = 0;
  for (const letter of letters) {
    const next = word.indexOf(letter, at);
    if (next < 0) break;
    at = next + 1;
    count++;
  }
  return count;
}
