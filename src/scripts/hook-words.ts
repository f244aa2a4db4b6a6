// The words of hook.sh, and its answers.
import { type Sum, sumWord } from './file-sums.ts';
import { namedWords } from './named-words.ts';
import type { UnitName } from './unit-words.ts';

interface HookHere {
  /** The file that tells that it has begun, and how it ended. */
  readonly mark: string;
  /** It may be run again after a runner that died in it. */
  readonly again: boolean;
  readonly seconds: number;
  /** Of what is known of the program and of files among its arguments. */
  readonly sums: readonly Sum[];
  readonly words: readonly string[];
}

export const runHookWords = ({ mark, again, seconds, sums, words }: HookHere): string[] => [
  'run',
  ...namedWords({ mark, again: again ? 'yes' : 'no', seconds, sum: sums.map(sumWord), argument: words }),
];

export const tellHookWords = ({ job, role }: UnitName): string[] => ['tell', ...namedWords({ job, role })];

export const checkHookWords = (paths: readonly string[], files: readonly string[]): string[] => [
  'check',
  ...namedWords({ path: paths, file: files }),
];

export interface HookEnd {
  /** `again`: it was begun before, and not run now. `unseen`: it has no digest of its program, and was not run. `changed`: a file that it is made of is not the planned one, and it was not run. */
  readonly how: 'ended' | 'late' | 'again' | 'changed' | 'unseen';
  readonly code: number;
  /** Of `changed`: which. */
  readonly path: string;
  /** As it was printed. */
  readonly output: string;
}

/** undefined: this is not the output of the script. */
export function readHookEnd(text: string): HookEnd | undefined {
  const [head, how, code = '0', path = ''] =
    /^(ended|late|again|changed|unseen)(?: (\d+)| (\/.*))?(?:\n|$)/.exec(text) ?? [];
  if (head === undefined) return undefined;
  return { how: how as HookEnd['how'], code: Number(code), path, output: text.slice(head.length) };
}

/** In the order of the asked paths and files: the SHA-256, or why it can't be run or read; undefined: no file is there. */
export const readHookChecks = (
  text: string,
): readonly ({ readonly sha256: string } | { readonly why: string } | undefined)[] =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => {
      if (line === 'none') return undefined;
      const [, sha256] = /^ok ([0-9a-f]{64})$/.exec(line) ?? [];
      return sha256 === undefined ? { why: line } : { sha256 };
    });
