// The words of custom.sh.
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

/** Those of custom.sh itself. `sha256`: of the program, in hex; absent: it may be any. */
export const customUnitWords = ({ sha256, ...custom }: Custom & { readonly sha256?: string }): string[] => [
  ...customWords(custom),
  ...namedWords({ digest: sha256 }),
];
