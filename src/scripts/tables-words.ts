// The words of tables.sh.
import { type Login, loginWords, namedWords } from './named-words.ts';

interface Putting extends Login {
  readonly vendor: 'mysql' | 'mariadb';
  readonly datadir: string;
  /** A key. */
  readonly job: string;
}

interface OwnWords {
  readonly bring: Nothing;
  readonly swap: { readonly replace: 'yes' | 'no'; readonly table: readonly string[] };
  readonly over: Nothing;
  readonly back: { readonly table: readonly string[] };
  readonly drop: Nothing;
}
type Nothing = Readonly<Record<string, never>>;
export type TablesVerb = keyof OwnWords;
export type TablesOwnWords<Verb extends TablesVerb> = OwnWords[Verb];

export const tablesWords = <Verb extends TablesVerb>(verb: Verb, of: Putting, own: OwnWords[Verb]): string[] => [
  verb,
  ...namedWords({ vendor: of.vendor, ...loginWords(of), datadir: of.datadir, job: of.job, ...own }),
];
