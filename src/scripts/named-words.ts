// The words of a script, by name: `group=vg0`. The script declares which ones it knows (declare_words of prelude.sh),
// and refuses others.

/** A list becomes one word for each of its values. */
export type WordValue = string | number | readonly string[] | undefined;

/** An absent value, or an empty list, becomes an empty word. */
export const namedWords = (words: Readonly<Record<string, WordValue>>): string[] =>
  Object.entries(words).flatMap(([name, value]) => {
    const values = typeof value === 'object' && value.length > 0 ? value : [value ?? ''];
    return values.map((one) => `${name}=${one}`);
  });

/** How the client logs in at a server of a host; absent: where it itself looks. */
export interface Login {
  readonly defaultsFile?: string;
  readonly socket?: string;
}

/** The login words of every script that uses SQL. */
export const loginWords = ({ defaultsFile, socket }: Login) => ({ defaults_file: defaultsFile, socket });

/** The verb of a script: its first word, if that has no name; empty: the script does only one thing. */
export const verbOf = ([first = '']: readonly string[]): string => (first.includes('=') ? '' : first);

/** undefined: there is no such word. */
export function wordOf(args: readonly string[], name: string): string | undefined {
  const found = args.find((word) => word.startsWith(`${name}=`));
  return found?.slice(name.length + 1);
}
