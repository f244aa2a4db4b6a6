// The words of seed-reattach.sh. What it says of an undo is told at the end of a job (operations/jobs/words/reattach-words.ts).
import { type Login, loginWords, namedWords } from './named-words.ts';

interface Named {
  /** As systemctl takes it. */
  readonly unit: string;
  /** The job's key. */
  readonly job: string;
}

/** Statements with the places of their values (sql-values.sh). */
interface Before {
  readonly restore: string;
  readonly receive: string;
  readonly apply: string;
}

const named = ({ unit, job }: Named) => ({ unit, job });

export const noteReattachWords = (of: Named, { restore, receive, apply }: Before): string[] => [
  'note',
  ...namedWords({ ...named(of), restore, receive, apply }),
];

/** From here on an undo gives it its source of before again, not its threads alone. */
export const changingReattachWords = (
  of: Named,
  { host, port }: { readonly host: string; readonly port: number },
): string[] => ['changing', ...namedWords({ ...named(of), source: `${host} ${port}` })];

/** `channels`: the statement that tells its channels. A server that is no longer as the job left it is left alone. */
export const undoReattachWords = (of: Named, mysql: Login, channels: string): string[] => [
  'undo',
  ...namedWords({ ...named(of), ...loginWords(mysql), channels }),
];

export const forgetReattachWords = (of: Named): string[] => ['forget', ...namedWords(named(of))];
