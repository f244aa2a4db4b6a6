// A line of an INI inventory as words, split as Python's shlex does for Ansible: quotes, backslashes, `#` comments.

export interface Word {
  readonly text: string;
  /** The column of each character of `text` in the line, from 1; then the column after the word. */
  readonly columns: readonly number[];
}

const piece = /'[^']*'|"(?:\\.|[^"\\])*"|\\.?|[^\s'"\\#]+/y;

/** The words, or the column of a quote that is never closed. */
export function wordsOf(line: string): readonly Word[] | { readonly unclosed: number } {
  const words: Word[] = [];
  let text = '';
  let columns: number[] = [];
  const endWord = (at: number) => {
    if (columns.length > 0) words.push({ text, columns: [...columns, at + 1] });
    text = '';
    columns = [];
  };
  let at = 0;
  while (at < line.length) {
    const blanks = matchAt(/\s+/y, line, at);
    if (blanks !== '') endWord(at);
    // Also in the middle of a word.
    else if (line.charAt(at) === '#') break;
    const part = blanks || matchAt(piece, line, at);
    if (part === '') return { unclosed: at + 1 };
    for (const index of blanks ? [] : meantIn(part)) {
      text += part.charAt(index);
      columns.push(at + index + 1);
    }
    at += part.length;
  }
  endWord(at);
  return words;
}

/** The indices of the literal characters: without the quotes and the backslashes that escape. */
function meantIn(part: string): number[] {
  const [open] = part;
  const all = Array.from({ length: part.length }, (_, index) => index);
  if (open === "'") return all.slice(1, -1);
  const inside = open === '"' ? all.slice(1, -1) : all;
  let escaped = false;
  return inside.filter((index) => {
    escaped = part.charAt(index) === '\\' && !escaped;
    return !escaped;
  });
}

function matchAt(pattern: RegExp, line: string, at: number): string {
  pattern.lastIndex = at;
  return pattern.exec(line)?.[0] ?? '';
}

const string = /'((?:\\.|[^'\\])*)'|"((?:\\.|[^"\\])*)"/.source;
const constant = /[+-]?\d+(?:\.\d+)?|True|False/.source;
const python = new RegExp(`^(?:${string}|(${constant}))\\s*(?:#.*)?$`, 's');

/**
 * A value as Ansible's INI reads it, by Python's literal_eval. Text in quotes loses them. A number, or text in quotes,
 * loses the comment after it. All else stays as it is, `#` included. `from` is its start in `written`.
 */
export function literal(written: string): { readonly text: string; readonly from: number } {
  const [, single, double, bare] = python.exec(written) ?? [];
  const inQuotes = single ?? double;
  if (inQuotes === undefined) return { text: bare ?? written, from: 0 };
  return { text: inQuotes.replace(/\\(['"\\])/g, '$1'), from: 1 };
}
