// The words of seed-start.sh. It prints only reasons of refusals.
import { namedWords } from './named-words.ts';

/** Further words of each verb, besides the unit and the job's key. */
interface OwnWords {
  readonly prepare: Options & Log;
  readonly follow: Options & Datadir;
  readonly start: Datadir;
  /** As `start`, but without the options. */
  readonly again: Datadir & Log;
  readonly held: Options & Datadir;
  readonly release: Readonly<Record<string, never>>;
}
/** The path of its error log. */
interface Log {
  readonly log: string;
}
interface Datadir {
  readonly datadir: string;
}
/** `--skip-replica-start`: appended to the command line of the unit. */
interface Options {
  readonly option: readonly string[];
}
export type StartVerb = keyof OwnWords;
export type StartWords<Verb extends StartVerb> = OwnWords[Verb];

export const seedStartWords = <Verb extends StartVerb>(
  verb: Verb,
  { unit, job }: { readonly unit: string; readonly job: string },
  own: StartWords<Verb>,
): string[] => [verb, ...namedWords({ unit, job, ...own })];
