// A problem in an inventory: where it is, what is wrong, what to write instead.
import { unprintable } from '../text/unprintable.ts';

/** Both count from 1; columns are UTF-16 units, as editors and yaml count them. */
export interface Place {
  /** The file, where it is not the inventory itself: a file of variables beside it. */
  readonly file?: string;
  readonly line: number;
  readonly column: number;
}

export interface Problem {
  readonly file: string;
  /** `line` and `column` are absent when the problem is with the file as a whole. */
  readonly line?: number;
  readonly column?: number;
  readonly what: string;
  /** What to do about it: "write ...", "did you mean ...?". */
  readonly instead: string;
}

/** How the readers of this folder report a problem; `at` is absent for the file as a whole. */
export type Complain = (at: Place | undefined, what: string, instead: string) => void;

/** Passes on only complaints about lines before `line`: after the syntax broke, the rest was read by guessing. */
export function complainBefore(line: number | undefined, complain: Complain): Complain {
  return (at, what, instead) => {
    if (line === undefined || (at && at.line < line)) complain(at, what, instead);
  };
}

const longestText = 300;
const longestQuote = 60;

export function firstUnprintable(text: string): string | undefined {
  return text.match(unprintable)?.[0];
}

/** A character as `U+202E`. */
export function codePointOf(character: string): string {
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
}

/** Cleans the words here, once: they quote the file, and the file may hold anything. */
export function problemIn(file: string, at: Place | undefined, what: string, instead: string): Problem {
  return { ...at, file: printable(at?.file ?? file), what: printable(what), instead: printable(instead) };
}

/** In the order of the file, problems of other files last. Each only once: a setting that many hosts share is one problem. */
export function inOrder(problems: readonly Problem[], file: string): Problem[] {
  const unique = new Map(problems.map((problem) => [formatProblem(problem), problem]));
  const main = printable(file);
  const rank = (problem: Problem) => (problem.file === main ? '' : problem.file);
  const byFile = (a: Problem, b: Problem) => (rank(a) === rank(b) ? 0 : rank(a) < rank(b) ? -1 : 1);
  return [...unique.values()].sort(
    (a, b) => byFile(a, b) || (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0),
  );
}

/** A place in a sentence: `12:7`, with its file where that is another one. */
export function placeText({ file, line, column }: Place): string {
  return file === undefined ? `${line}:${column}` : `${printable(file)}:${line}:${column}`;
}

/** `hosts.yaml:12:7 what is wrong, what to write instead` */
export function formatProblem({ file, line, column, what, instead }: Problem): string {
  const place = line === undefined ? file : `${file}:${line}:${column}`;
  return `${place} ${what}, ${instead}`;
}

/** Text of the file in quotes, cut to a readable length. */
export function quoted(text: string): string {
  return `"${clipped(text, longestQuote)}"`;
}

/** Shortened, and with `\u{1b}` for each character that must not reach a terminal. */
export function printable(text: string): string {
  return clipped(text, longestText).replace(
    unprintable,
    (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`,
  );
}

function clipped(text: string, length: number): string {
  return text.length > length ? `${text.slice(0, length)}…` : text;
}
