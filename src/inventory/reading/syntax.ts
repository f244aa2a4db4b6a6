// Syntax errors that the YAML parser found, in words that help to correct the file.
import { type Document, visit, type YAMLError } from 'yaml';

export interface SyntaxError {
  readonly offset: number;
  readonly what: string;
  readonly instead: string;
}

export function syntaxErrors(document: Document.Parsed): SyntaxError[] {
  const tooDeep = document.errors.find(({ code }) => code === 'RESOURCE_EXHAUSTION');
  // The parser reports it once for each level.
  if (tooDeep) return [{ offset: tooDeep.pos[0], what: 'this is nested too deeply', instead: 'write fewer levels' }];
  const unclosed = firstOpenQuote(document);
  const errors = document.errors
    // After a quote that is never closed everything is text, so errors there are not real.
    .filter(({ pos: [offset] }) => unclosed === undefined || offset < unclosed)
    .map(({ code, message, pos: [offset] }) => ({
      offset,
      what: code === 'MULTIPLE_DOCS' ? 'a second document starts here' : `broken YAML: ${message}`,
      instead: advice[code] ?? 'look for a missing colon, quote or indentation in this line or the one above',
    }));
  if (unclosed === undefined) return errors;
  const what = 'the quote that opens here is never closed';
  return [...errors, { offset: unclosed, what, instead: 'close it on the same line' }];
}

/** The parser notices an open quote at the end of the text, hundreds of lines after the mistake. */
function firstOpenQuote(document: Document.Parsed): number | undefined {
  const missing = document.errors.filter(({ code }) => code === 'MISSING_CHAR');
  if (missing.length === 0) return undefined;
  const ends = new Set(missing.map(({ pos }) => pos[0]));
  let opened: number | undefined;
  visit(document, {
    Scalar(_, { range, type }) {
      if (!range || !type?.startsWith('QUOTE') || !ends.has(range[1])) return undefined;
      opened = range[0];
      return visit.BREAK;
    },
  });
  return opened;
}

const advice: Partial<Record<YAMLError['code'], string>> = {
  BAD_INDENT: 'write it as deep as its neighbours, and close every { and [',
  BAD_SCALAR_START: 'write the value in quotes',
  BLOCK_AS_IMPLICIT_KEY: 'write one "key: value" a line, and text that holds ": " in quotes',
  BLOCK_IN_FLOW: 'write the values between { and } on one line, with commas between',
  MISSING_CHAR: 'add the missing character',
  MULTILINE_IMPLICIT_KEY: 'write "key: value" with the colon on the same line',
  MULTIPLE_DOCS: 'write one: no --- but at the top',
  TAB_AS_INDENT: 'indent with blanks',
};
