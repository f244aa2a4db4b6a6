// Lists every sentence that an operator can meet: `npm run texts` prints them by file and line, so that they can be
// read in a row. `node texts.ts --check` ends with 1 if a sentence or a comment has a word that has a plainer one.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseSync, Visitor } from 'oxc-parser';

const root = import.meta.dirname;

/** For each word or phrase, what to write in its place. Only words that are never right in a sentence of reseed's. */
const plainer: readonly (readonly [RegExp, string])[] = [
  [/\bnobody\b/i, 'no host, no process, no account: say which'],
  [/\b(somebody|anybody|whoever|whomever)\b/i, 'name who: a replica, another job, an operator'],
  [/\bgo(es)? no further\b/i, 'gave up on HOST'],
  [/\bcarr(y|ies|ied) (?!out\b)(\S+ ){0,3}on\b/i, 'resume'],
  [/\bwish(es|ed)?\b/i, 'request'],
  [/\bcarry-on\b/i, 'resume'],
  [/\blets? us not in\b/i, 'refuses our login'],
  [/\b(is|are) held for\b/i, 'say what waits, and for what'],
];

export interface Text {
  readonly file: string;
  readonly line: number;
  readonly text: string;
}

/** `path` from the project's root. Braces in a text mark what reseed puts in when it runs. */
export function textsOf(path: string, source: string): { texts: Text[]; comments: Text[] } {
  if (path.endsWith('.md')) return pageTexts(path, source);
  return path.endsWith('.sh') ? shellTexts(path, source) : moduleTexts(path, source);
}

function moduleTexts(file: string, source: string): { texts: Text[]; comments: Text[] } {
  const { program, comments } = parseSync(file, source);
  const texts: Text[] = [];
  const imported = new Set<number>();
  const lineAt = lineCounter(source);
  const add = (start: number, text: string) => {
    if (!imported.has(start) && isSentence(text)) texts.push({ file, line: lineAt(start), text });
  };
  const leaveOut = (node: { source?: { start: number } | null }) =>
    void (node.source && imported.add(node.source.start));
  new Visitor({
    ImportDeclaration: leaveOut,
    ExportNamedDeclaration: leaveOut,
    Literal: (node) => {
      if (typeof node.value === 'string') add(node.start, node.value);
    },
    JSXText: (node) => add(node.start, node.value.trim()),
    TemplateLiteral: (node) => {
      const parts = node.quasis.map((quasi, at) => {
        const put = node.expressions[at];
        return `${quasi.value.cooked ?? quasi.value.raw}${put ? `{${shortened(source.slice(put.start, put.end))}}` : ''}`;
      });
      add(node.start, parts.join(''));
    },
  }).visit(program);
  const said = comments.map(({ start, value }) => ({
    file,
    line: lineAt(start),
    text: value.replaceAll(/\s*\n\s*\*?/g, ' ').trim(),
  }));
  return { texts, comments: said };
}

/** A script's messages come after one of these words, or are printed. */
const saying = /^\s*(?:[^#]*?[;&|]\s*)?(refuse|fail|say|note|warn|echo|printf)\s+(.*)$/;

function shellTexts(file: string, source: string): { texts: Text[]; comments: Text[] } {
  const texts: Text[] = [];
  const comments: Text[] = [];
  for (const [at, line] of source.split('\n').entries()) {
    const [, comment] = /^\s*#(?!!)\s*(.*)$/.exec(line) ?? [];
    if (comment !== undefined) comments.push({ file, line: at + 1, text: comment });
    const [, , words] = saying.exec(line) ?? [];
    for (const [, double, single] of (words ?? '').matchAll(/"((?:[^"\\]|\\.)*)"|'([^']*)'/g)) {
      const text = double ?? single ?? '';
      if (isSentence(text)) texts.push({ file, line: at + 1, text });
    }
  }
  return { texts, comments };
}

/** At least two words beside each other; no SQL, no regular expression, no command. */
function isSentence(text: string): boolean {
  if (!/[a-zA-Z]{2,}[,;:]? (\{|[a-zA-Z"'`])/.test(text)) return false;
  return !/^(SELECT|SHOW|SET|FLUSH|START|STOP|CHANGE|RESET|CREATE|UPDATE|INSERT|DELETE|ALTER|PRAGMA|BEGIN|WITH|DROP|GRANT)\b/.test(
    text.trim(),
  );
}

const shortened = (code: string) => {
  const words = code.replaceAll(/\s+/g, ' ');
  return words.length > 30 ? `${words.slice(0, 29)}…` : words;
};

function lineCounter(source: string): (offset: number) => number {
  const starts = [0];
  for (let at = source.indexOf('\n'); at >= 0; at = source.indexOf('\n', at + 1)) starts.push(at + 1);
  return (offset) => starts.findLastIndex((start) => start <= offset) + 1;
}

/** Control characters as a program writes them down. */
const readable = (text: string) =>
  JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll('\\n', '\n       ');

/** The words of a text that have plainer ones: `word: what to write`. */
export function hardWords(text: string): string[] {
  const said = text.replaceAll(/\{[^}]*\}/g, '…');
  return plainer.flatMap(([word, better]) => {
    const [found] = word.exec(said) ?? [];
    return found === undefined ? [] : [`${found}: ${better}`];
  });
}

/** In the pages for people every line is checked. */
function pageTexts(file: string, source: string): { texts: Text[]; comments: Text[] } {
  return { texts: [], comments: source.split('\n').map((text, at) => ({ file, line: at + 1, text })) };
}

function allTexts() {
  const files = ['src', 'components'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((file) => join(folder, file)),
  );
  const docs = readdirSync(join(root, 'docs'))
    .filter((file) => file.endsWith('.md'))
    .map((file) => join('docs', file));
  const pages = ['README.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md', ...docs];
  return [...pages, ...files]
    .filter((file) => /\.(tsx?|sh|md)$/.test(file) && !file.endsWith('.d.ts'))
    .sort()
    .map((file) => ({ file, ...textsOf(file, readFileSync(join(root, file), 'utf8')) }));
}

function main(): void {
  const all = allTexts();
  if (process.argv.includes('--check')) {
    const hard = all.flatMap(({ texts, comments }) =>
      [...texts, ...comments].flatMap(({ file, line, text }) =>
        hardWords(text).map((word) => `${file}:${line} ${word}`),
      ),
    );
    process.stderr.write(hard.map((line) => `${line}\n`).join(''));
    if (hard.length > 0) process.exitCode = 1;
    return;
  }
  // `npm run texts | head` closes the pipe.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
  for (const { file, texts } of all) {
    if (texts.length === 0) continue;
    const rows = texts.map(({ line, text }) => `${String(line).padStart(5)}  ${readable(text)}\n`);
    process.stdout.write(`\n${file}\n${rows.join('')}`);
  }
}

if (import.meta.main) main();
