// Turns a script and its arguments into one text that a POSIX shell evaluates.
import { cleanLine } from '../../text/clean.ts';

/**
 * A word that every POSIX shell reads back as exactly `word`. Inside single quotes only the quote itself is special
 * (POSIX 2.2.2), so newlines, `$()`, `!` and a leading dash need no care. An argument cannot hold NUL: that is a bug of
 * ours.
 */
export function shellWord(word: string): string {
  if (word.includes('\0')) throw new TypeError('a shell argument cannot hold a NUL byte');
  return `'${word.replaceAll("'", `'\\''`)}'`;
}

/** `script` with `args` as its "$@". */
export function programText(script: string, args: readonly string[]): string {
  return `set -- ${args.map(shellWord).join(' ')}\n${script}`;
}

/** A word as people write it: quoted only where it needs quotes. */
export const shownWord = (word: string): string => (/^[\w@%+=:,./-]+$/.test(word) ? word : shellWord(word));

/** The name of a command in messages: the first line of code in `script`, and the arguments, on one line. */
export function commandLabel(script: string, args: readonly string[]): string {
  const code = script.split('\n').find((line) => /^\s*[^#\s]/.test(line)) ?? '';
  return cleanLine([code.trim(), ...args.map(shownWord)].join(' '))
    .slice(0, 200)
    .toWellFormed();
}
