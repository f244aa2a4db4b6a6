// The words of seed-before.sh. operations/jobs/words/end-words.ts reads what it reports about the started server.
import { type Login, loginWords, namedWords } from './named-words.ts';

/** How the plan saw the server used. `replica`: read_only is off, and it has a channel; `writes`: read_only is off, and it has none. */
export type PlannedUse = 'read-only' | 'replica' | 'writes' | 'unknown';

/** Further words of each verb, besides those of the server. */
interface OwnWords {
  readonly note: {
    /** The word that the server's version uses. */
    readonly word: 'REPLICA' | 'SLAVE';
    /** Statements that make its filters again. */
    readonly filter: readonly string[];
    readonly planned: PlannedUse;
    /** Replicas that the job rebuilds with it, as its server may call them: `10.77.0.13`, `server_id 13`. */
    readonly member: readonly string[];
    /** For `writes`: MySQL's gtid_executed or MariaDB's gtid_binlog_pos in the plan, without blanks; empty: not known. */
    readonly stood: string;
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
