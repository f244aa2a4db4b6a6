// The files that a command of the inventory is made of: its program, the script of an interpreter, and arguments that may be files. What another
// account can change in them would be run with our rights. Pure.
import { join } from 'node:path/posix';

export interface CommandFile {
  /** Absolute; of a program without a slash its name, which PATH leads to. */
  readonly path: string;
  /** `script`: what an interpreter reads, so it has to be there. `file`: it may be a file, or nothing, or a folder. */
  readonly as: 'program' | 'script' | 'file';
}

const interpreter = /^(?:(?:a|ba|da|k|mk|z)?sh|(?:python|perl|ruby|php|lua|tclsh|node|nodejs)[\d.]*)$/;
/** An option whose next word is the program's text itself: `sh -ec`, `perl -e`, `node --eval`. */
const ofText: readonly (readonly [program: RegExp, option: RegExp])[] = [
  [/sh$/, /^-[a-z]*c[a-z]*$/i],
  [/^python/, /^-[a-z]*c$/i],
  [/^(?:perl|ruby|php|lua|tclsh|node)/, /^(?:-[a-z]*[erp]|--eval|--print)$/i],
];
/** They run what is among their arguments. */
const wrapper = /^(?:busybox|chrt|env|flock|ionice|nice|nohup|setpriv|setsid|stdbuf|sudo|taskset|time|timeout)$/;
/** Streams of the program itself, and what has no content. */
const stream = /^\/(?:dev\/(?:null|stdin|stdout|stderr|fd\/\d+)|proc\/self\/fd\/\d+)$/;

const nameOf = (path: string) => path.slice(path.lastIndexOf('/') + 1);

/** Commands work in /, so that no folder of another account is meant. An option or an address of the web is no path. */
function pathOf(word: string): string | undefined {
  if (!word.includes('/') || word.startsWith('-') || word.includes('://') || stream.test(word)) return undefined;
  return join('/', word);
}

/** Of a program with its arguments. Each path once, the program first. */
export function filesOf([program = '', ...words]: readonly string[]): readonly CommandFile[] {
  const found = new Map<string, CommandFile['as']>([[pathOf(program) ?? program, 'program']]);
  for (const path of scriptsOf(program, words)) if (!found.has(path)) found.set(path, 'script');
  for (const path of words.map(pathOf)) if (path !== undefined && !found.has(path)) found.set(path, 'file');
  return [...found].map(([path, as]) => ({ path, as }));
}

/** A name that is not there when it is looked at could be made before the interpreter opens it. */
function scriptsOf(program: string, words: readonly string[]): readonly string[] {
  if (wrapper.test(nameOf(program))) {
    const at = words.findIndex((word) => word.startsWith('/'));
    const inner = words[at];
    return inner === undefined ? [] : [inner, ...scriptsOf(inner, words.slice(at + 1))];
  }
  if (!interpreter.test(nameOf(program))) return [];
  const at = words.findIndex((word) => !word.startsWith('-'));
  const options = words.slice(0, Math.max(at, 0));
  const isText = ofText.some(([of, option]) => of.test(nameOf(program)) && options.some((word) => option.test(word)));
  const path = isText ? undefined : pathOf(words[at] ?? '');
  return path === undefined ? [] : [path];
}

/** Of a line for a shell: of what it begins with, as far as no sign of the shell is in it. Files that it names further on are not known. */
export function filesOfLine(line: string): readonly CommandFile[] {
  const [plain = ''] = /^[\w\t ./@%+,:=-]*/.exec(line) ?? [];
  // The word goes on behind a quote or a variable, and ends at others.
  const words = /^[;&|<>\n]?$/.test(line.charAt(plain.length)) ? plain : plain.replace(/\S+$/, '');
  const given = words.split(/\s+/).filter((word) => word !== '');
  return given[0]?.startsWith('/') ? filesOf(given).filter(({ as }) => as !== 'file') : [];
}
