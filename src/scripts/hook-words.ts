// The words of hook.sh, and its answers.
import { namedWords } from './named-words.ts';
import type { UnitName } from './unit-words.ts';

interface HookHere {
  /** The file that tells that it has begun, and how it ended. */
  readonly mark: string;
  /** It may be run again after a runner that died in it. */
  readonly again: boolean;
  readonly seconds: number;
  /** Of the program, in hex; absent: not known. */
  readonly sha256: string | undefined;
  readonly words: readonly string[];
}

export const runHookWords = ({ mark, again, seconds, sha256, words }: HookHere): string[] => [
  'run',
  ...namedWords({ mark, again: again ? 'yes' : 'no', seconds, digest: sha256, argument: words }),
];

export const tellHookWords = ({ job, role }: UnitName): string[] => ['tell', ...namedWords({ job, role })];

export const checkHookWords = (paths: readonly string[]): string[] => ['check', ...namedWords({ path: paths })];

export interface HookEnd {
  /** `again`: it was begun before, and not run now. `changed`: its program is not the planned one, and was not run. */
  readonly how: 'ended' | 'late' | 'again' | 'changed';
  readonly code: number;
  /** As it was printed. */
  readonly output: string;
}

/** undefined: this is not the output of the script. */
export function readHookEnd(text: string): HookEnd | undefined {
  const [head, how, code = '0'] = /^(ended|late|again|changed)(?: (\d+))?(?:\n|$)/.exec(text) ?? [];
  if (head === undefined) return undefined;
  return { how: how as HookEnd['how'], code: Number(code), output: text.slice(head.length) };
}

/** In the order of the asked paths: the SHA-256, or why the program can't be run. */
export const readHookChecks = (text: string): readonly ({ readonly sha256: string } | { readonly why: string })[] =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => {
      const [, sha256] = /^ok ([0-9a-f]{64})$/.exec(line) ?? [];
      return sha256 === undefined ? { why: line } : { sha256 };
    });
