// The words of custom.sh.
import { commandLooks, hookLooks } from '../host/file-looks.ts';
import { type Sum, sumWord } from './file-sums.ts';
import { namedWords } from './named-words.ts';

interface Custom {
  /** Text: a command line for sh, with `words` after it. */
  readonly line: string | undefined;
  /** None is empty. */
  readonly words: readonly string[];
  readonly seconds: number;
}

export const customWords = (command: Custom): string[] =>
  lookedWords(command, commandLooks(command.line, command.words));

const lookedWords = ({ line, words, seconds }: Custom, look: readonly string[]): string[] =>
  namedWords({
    form: line === undefined ? 'list' : 'line',
    seconds,
    look,
    argument: line === undefined ? words : [line, ...words],
  });

/** Those of custom.sh itself. */
export const customUnitWords = (custom: Custom): string[] => [...customWords(custom), ...namedWords({ sum: [] })];

/** The same for a hook. `sums`: of the files that it is made of, as far as the plan knows them. */
export const hookUnitWords = ({ words, seconds, sums }: HookOnHost): string[] => [
  ...lookedWords({ line: undefined, words, seconds }, hookLooks(words)),
  ...namedWords({ sum: sums.map(sumWord) }),
];

interface HookOnHost extends Pick<Custom, 'words' | 'seconds'> {
  readonly sums: readonly Sum[];
}
