// The words of hook.sh, and its answers.
import { type FileLook, hookLooks, readLook } from '../host/file-looks.ts';
import { type Sum, sumWord } from './file-sums.ts';
import { namedWords } from './named-words.ts';
import type { UnitName } from './unit-words.ts';

interface HookHere {
  /** The file that tells that it has begun, and how it ended. */
  readonly mark: string;
  /** It may be run again after a runner that died in it. */
  readonly again: boolean;
  readonly seconds: number;
  /** Of all files that it is made of. */
  readonly sums: readonly Sum[];
  readonly words: readonly string[];
}

export const runHookWords = ({ mark, again, seconds, sums, words }: HookHere): string[] => [
  'run',
  ...namedWords({
    mark,
    again: again ? 'yes' : 'no',
    seconds,
    look: hookLooks(words),
    sum: sums.map(sumWord),
    argument: words,
  }),
];

export const tellHookWords = ({ job, role }: UnitName): string[] => ['tell', ...namedWords({ job, role })];

/** `looks`: of all hooks there, each once. */
export const checkHookWords = (looks: readonly string[]): string[] => ['check', ...namedWords({ look: looks })];

export interface HookEnd {
  /**
   * `again`: it was begun before. `changed`: a file that it is made of is not the planned one. `unseen`: the plan saw none there, or one that could not be
   * run. `open`: one can not be run, or another account could change it. It was not run then.
   */
  readonly how: 'ended' | 'late' | 'again' | 'changed' | 'unseen' | 'open';
  readonly code: number;
  /** Of `changed`, `unseen`: which; of `open` also why. */
  readonly path: string;
  /** As it was printed. */
  readonly output: string;
}

/** undefined: this is not the output of the script. */
export function readHookEnd(text: string): HookEnd | undefined {
  const [head, how, code = '0', path = ''] =
    /^(ended|late|again|changed|unseen|open)(?: (\d+)| (\/.*))?(?:\n|$)/.exec(text) ?? [];
  if (head === undefined) return undefined;
  return { how: how as HookEnd['how'], code: Number(code), path, output: text.slice(head.length) };
}

/** In the order of the asked looks. */
export const readHookChecks = (text: string): readonly FileLook[] => text.trimEnd().split('\n').map(readLook);
