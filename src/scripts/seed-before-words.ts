// The words of seed-before.sh. What it says of the server that it has started is read by operations/jobs/words/end-words.ts.
import { type Login, loginWords, namedWords } from './named-words.ts';

/** What each verb has to know beside the server. */
interface OwnWords {
  readonly note: {
    /** As its version has it. */
    readonly word: 'REPLICA' | 'SLAVE';
    /** Statements that make its filters again. */
    readonly filter: readonly string[];
  };
  readonly restart: {
    /** `--skip-replica-start`, or the older name. */
    readonly option: string;
    /** The path of its error log; empty: the journal has it. */
    readonly log: string;
  };
}
export type BeforeVerb = keyof OwnWords;
export type BeforeWords<Verb extends BeforeVerb> = OwnWords[Verb];

interface Server {
  readonly unit: string;
  readonly job: string;
  readonly datadir: string;
  readonly mysql: Login;
}

export const seedBeforeWords = <Verb extends BeforeVerb>(
  verb: Verb,
  { unit, job, datadir, mysql }: Server,
  own: BeforeWords<Verb>,
): string[] => [verb, ...namedWords({ unit, job, datadir, ...loginWords(mysql), ...own })];
