// The words of seed-sql.sh. Its answers are read beside the statements: seed/replica/source/replication-state.ts,
// kept/kept.ts and proof/proof.ts there.
import { type Login, loginWords, namedWords } from './named-words.ts';

export const seedSqlWords = (mysql: Login, sql: string): string[] => namedWords({ ...loginWords(mysql), sql });

/** The values of statements, a line each, for the standard input of scripts that fill them in (sql-values.sh). */
export const valueLines = (values: Readonly<Record<string, unknown>>): string =>
  Object.entries(values)
    .map(([name, value]) => `${name} ${value}\n`)
    .join('');
