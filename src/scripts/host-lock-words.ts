// The words of host-lock.sh. `job`: a key; `datadir`: an absolute path, empty for the whole host.
import { namedWords, wordOf } from './named-words.ts';

interface Lock {
  readonly job: string;
  readonly datadir: string;
}

export const takeLockWords = ({ job, who, datadir }: Lock & { readonly who: string }): string[] => [
  'take',
  ...namedWords({ job, who, datadir }),
];

export const endLockWords = (verb: 'release' | 'break', { job, datadir }: Lock): string[] => [
  verb,
  ...namedWords({ job, datadir }),
];

export const showLocksWords = (datadir: string): string[] => ['show', ...namedWords({ datadir })];

/** For `take`: the locked datadir. Plans up to format 2 have it by position. */
export const lockedDatadir = (args: readonly string[]): string => wordOf(args, 'datadir') ?? args[3] ?? '';
