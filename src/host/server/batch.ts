// The output of `mysql --batch` for several statements -> tables. Batch form, not vertical: it escapes newlines and
// tabs, so that no error message can pass for a row. Each statement is preceded by one that names its answer.
import { cleanLine } from '../../text/clean.ts';
import { unknown } from '../known.ts';

export type Row = ReadonlyMap<string, string>;

export interface Answer {
  readonly rows: readonly Row[];
  /** The server's refusal of this statement: `ERROR 1227 (42000) at line 1: Access denied; ...`. Clean. */
  readonly error?: string;
}

/** Answers by name. Values are clean and one line; a NULL is absent from its row. An empty answer has no rows. */
export function readAnswers(text: string): Map<string, Answer> {
  const answers = new Map<string, Answer>();
  const lines = text.split('\n');
  let name: string | undefined;
  let from = 0;
  const close = (to: number) => {
    if (name !== undefined) answers.set(name, readAnswer(lines.slice(from, to)));
  };
  for (let at = 0; at + 1 < lines.length; at++) {
    // Every other answer has at least two columns, and so a tab in its lines.
    if (lines[at] !== 'answer') continue;
    close(at);
    name = lines[at + 1] as string;
    from = at + 2;
    at++;
  }
  close(lines.length);
  return answers;
}

function readAnswer(lines: readonly string[]): Answer {
  const error = lines.find((line) => /^ERROR \d+/.test(line));
  if (error !== undefined) return { rows: [], error: whyOf(error) };
  const [header, ...rest] = lines.filter((line) => line.includes('\t')).map((line) => line.split('\t'));
  const rows = rest.filter((fields) => fields.length === header?.length).map((fields) => readRow(header ?? [], fields));
  return { rows };
}

function readRow(header: readonly string[], fields: readonly string[]): Row {
  const row = new Map<string, string>();
  for (const [at, column] of header.entries()) {
    const field = fields[at] ?? '';
    if (field !== 'NULL') row.set(column, cleanLine(unescaped(field)));
  }
  return row;
}

const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t', 0: '\0', '\\': '\\' };
const unescaped = (field: string) => field.replace(/\\([nt0\\])/g, (_, letter: string) => escapes[letter] ?? '');

const whyOf = (error: string) => {
  const told = unknown(error);
  return told.ok ? '' : told.why;
};
