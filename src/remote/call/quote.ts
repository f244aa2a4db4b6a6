// Turns a script and its arguments into one text that a POSIX shell evaluates.
import { cleanLine } from '../../text/clean.ts';

/**
 * A word that every POSIX shell reads back as exactly `word`. Inside single quotes nothing is special but the quote
 * itself (POSIX 2.2.2), so newlines, `$()`, `!` and a leading dash need no care. NUL cannot be in an argument: a bug.
 */
export function shellWord(word: string): string {
  if (word.includes('\0')) throw new TypeError('a shell argument cannot hold a NUL byte');
  return `'${word.replaceAll("'", `'\\''`)}'`;
}

/** `script` with `args` as its "$@". */
export function programText(script: string, args: readonly string[]): string {
  return `set -- ${args.map(shellWord).join(' ')}\n${script}`;
}

/** A word as people write it: in quotes only where it needs them. */
export const shownWord = (word: string): string => (/^[\w@%+=:,./-]+$/.test(word) ? word : shellWord(word));

/** How a command is named to people: the first line of code in `script`, and the arguments, on one line. */
export function commandLabel(script: string, args: readonly string[]): string {
  const code = script.split('\n').find((line) => /^\s*[^#\s]/.test(line)) ?? '';
  return cleanLine([code.trim(), ...args.map(shownWord)].join(' '))
    .slice(0, 200)
    .toWellFormed();
}
