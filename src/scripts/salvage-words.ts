// The words of the scripts of a salvage: salvage-look.sh and those of its job.
import { type Login, loginWords, namedWords } from './named-words.ts';

export type LogKind = 'relay' | 'binlog';

export interface LookedFor extends Login {
  readonly log: LogKind;
  /** A set, or a position of MariaDB: transactions in it are left out. */
  readonly has: string;
  /** Absent: where the first transaction begins that is not in `has`. */
  readonly from?: { readonly file: string; readonly position: number };
  /** Of logs that are read, or of text that is printed. */
  readonly maxBytes: number;
}

export const lookWords = (verb: 'list' | 'text', { log, has, from, maxBytes, ...login }: LookedFor): string[] => [
  verb,
  ...namedWords({
    ...loginWords(login),
    log,
    has,
    file: from?.file,
    position: from?.position,
    max_bytes: maxBytes,
  }),
];

/** `datadir`: whose owner reads the logs. */
export const readLogWords = (datadir: string, paths: readonly string[]): string[] =>
  namedWords({ datadir, path: paths });

export const takeLogWords = (job: string, datadir: string): string[] => ['make', ...namedWords({ job, datadir })];

/** `remove` ends what `make` began. */
export const takenLogWords = (verb: 'write' | 'remove', job: string): string[] => [verb, ...namedWords({ job })];

export const stagedWords = (job: string): string[] => ['staged', ...namedWords({ job })];

export const openWords = (verb: 'open' | 'close', job: string, login: Login): string[] => [
  verb,
  ...namedWords({ job, ...loginWords(login) }),
];

/** `before`: what the target has executed before. */
export const applyWords = (job: string, login: Login, vendor: string, before: string): string[] =>
  namedWords({ job, ...loginWords(login), vendor, before });
