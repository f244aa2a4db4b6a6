// The words of tables.sh.
import { type Login, loginWords, namedWords } from './named-words.ts';

interface Putting extends Login {
  readonly vendor: 'mysql' | 'mariadb';
  readonly datadir: string;
  /** A key. */
  readonly job: string;
}

interface OwnWords {
  readonly open: Nothing;
  readonly bring: Nothing;
  readonly swap: { readonly replica: YesNo; readonly replace: YesNo; readonly table: readonly string[] };
  readonly passed: Nothing;
  readonly over: Nothing;
  /** SQL; whether its applier ran. */
  readonly resume: { readonly go_on: string; readonly rest: string; readonly ran: YesNo };
  /** SQL that stops its applier; empty: it has none. */
  readonly back: { readonly hold: string; readonly table: readonly string[] };
  readonly drop: Nothing;
}
type YesNo = 'yes' | 'no';
type Nothing = Readonly<Record<string, never>>;
export type TablesVerb = keyof OwnWords;
export type TablesOwnWords<Verb extends TablesVerb> = OwnWords[Verb];

export const tablesWords = <Verb extends TablesVerb>(verb: Verb, of: Putting, own: OwnWords[Verb]): string[] => [
  verb,
  ...namedWords({ vendor: of.vendor, ...loginWords(of), datadir: of.datadir, job: of.job, ...own }),
];
