// Words of a command that stand for a fact of its host: `run: [/usr/local/bin/pin, "{datadir}"]`. Only a whole argument, or the whole value
// of an option (`--dir={datadir}`), is one: nothing is pasted into a text that a shell reads.

import type { CommandSettings, Host } from './settings.ts';

/** What a command of the inventory can be told of its host. */
export const hostPlaceholders = [
  'host',
  'address',
  'cluster',
  'datacenter',
  'service',
  'datadir',
  'socket',
  'mysqlPort',
] as const;
export type HostPlaceholder = (typeof hostPlaceholders)[number];
/** Those that the inventory itself has: a command that is asked for facts of a host is told no others. */
export const writtenPlaceholders = ['host', 'address', 'cluster', 'datacenter'] as const;

/** By placeholder; absent: it is not known. */
export type PlaceholderValues = Readonly<Partial<Record<string, string>>>;

/** Those that are known; one that a program would take for an option is left out. */
export const safeValues = (values: Readonly<Record<string, string | undefined>>): PlaceholderValues =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value && !value.startsWith('-')));

/** What only the inventory knows of a host. */
export const writtenValues = ({ name, ssh, cluster, datacenter }: Host): PlaceholderValues =>
  safeValues({ host: name, address: ssh.host, cluster, datacenter });

const wholeWord = /^(--?[\w-]+=)?\{(\w+)\}$/;
/** `{{print}}` stands for the text `{print}` itself. */
const literal = /^(--?[\w-]+=)?\{(\{\w+\})\}$/;
/** `${host}` is a variable of a shell. */
const inside = /(?<!\$)\{(\w+)\}/g;

/** The placeholder that an argument is; undefined: it is text. */
export const placeholderIn = (word: string): string | undefined => wholeWord.exec(word)?.[2];

/** The argument as the command gets it. `value`: of its placeholder. */
function filledWord(word: string, value: string): string {
  const [, option = ''] = wholeWord.exec(word) ?? [];
  return `${option}${value}`;
}

/** An argument that is no placeholder, as the command gets it. */
const literalWord = (word: string): string => word.replace(literal, '$1$2');

/** A known placeholder within other text, where it is not replaced; undefined: there is none. */
export function pastedIn(word: string, known: readonly string[]): string | undefined {
  if (placeholderIn(word) !== undefined || literal.test(word)) return undefined;
  return [...word.matchAll(inside)].map(([, name = '']) => name).find((name) => known.includes(name));
}

export type Filled =
  | { readonly ok: true; readonly line: string | undefined; readonly words: readonly string[] }
  /** Placeholders without a value. */
  | { readonly ok: false; readonly unknown: readonly string[] };

/** A command line has no placeholders: the shell would read their values. */
export function filled({ run }: Pick<CommandSettings, 'run'>, values: PlaceholderValues): Filled {
  if (typeof run === 'string') return { ok: true, line: run, words: [] };
  const named = run.map((word) => placeholderIn(word));
  const unknown = named.filter((name) => name !== undefined && values[name] === undefined) as string[];
  if (unknown.length > 0) return { ok: false, unknown };
  const words = run.map((word, at) => {
    const name = named[at];
    return name === undefined ? literalWord(word) : filledWord(word, values[name] ?? '');
  });
  return { ok: true, line: undefined, words };
}
