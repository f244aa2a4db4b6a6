// The words of custom.sh.
import { type Sum, sumWord } from './file-sums.ts';
import { namedWords } from './named-words.ts';

interface Custom {
  /** Text: a command line for sh, with `words` after it. */
  readonly line: string | undefined;
  /** None is empty. */
  readonly words: readonly string[];
  readonly seconds: number;
}

export const customWords = ({ line, words, seconds }: Custom): string[] =>
  namedWords({
    form: line === undefined ? 'list' : 'line',
    seconds,
    argument: line === undefined ? words : [line, ...words],
  });

/** Those of custom.sh itself. `sums`: of files that it is made of; none: they may be any. */
export const customUnitWords = ({ sums = [], ...custom }: Custom & { readonly sums?: readonly Sum[] }): string[] => [
  ...customWords(custom),
  ...namedWords({ sum: sums.map(sumWord) }),
];
