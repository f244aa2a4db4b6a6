// The words of custom.sh.
import { namedWords } from './named-words.ts';

interface Custom {
  /** Text: a command line for sh, with `words` after it. */
  readonly line: string | undefined;
  /** None is empty. */
  readonly words: readonly string[];
  readonly seconds: number;
  /** Of this job and role: see custom.sh. */
  readonly mark: string;
}

export const customWords = ({ line, words, seconds, mark }: Custom): string[] =>
  namedWords({
    form: line === undefined ? 'list' : 'line',
    mark,
    seconds,
    argument: line === undefined ? words : [line, ...words],
  });

export const forgetWords = (mark: string): string[] => namedWords({ form: 'forget', mark, seconds: 0, argument: [] });
