// The words of rows.sh, and its standard input. proofs/rows/answers.ts reads its output.
import { type Login, loginWords, namedWords } from './named-words.ts';

interface Reading extends Login {
  readonly vendor: 'mysql' | 'mariadb';
  /** Of each statement. */
  readonly limitMs: number;
  /** SQL: how the server stands as a source and as a replica. */
  readonly state: string;
}

export const rowsWords = ({ vendor, limitMs, state, ...login }: Reading): string[] =>
  namedWords({ ...loginWords(login), vendor, limit: limitMs, state });

export interface Questions {
  /** GTIDs that the server is to have before it is read; empty: none. */
  readonly gtid: string;
  readonly waitSeconds: number;
  /** SELECT statements, by names of small letters and digits. */
  readonly ask: Readonly<Record<string, string>>;
}

const inHex = (text: string): string => Buffer.from(text, 'utf8').toString('hex').toUpperCase();

export const rowsInput = ({ gtid, waitSeconds, ask }: Questions): string =>
  [
    `wait ${inHex(gtid)} ${waitSeconds}`,
    ...Object.entries(ask).map(([name, sql]) => `ask ${name} ${inHex(sql)}`),
    '',
  ].join('\n');
