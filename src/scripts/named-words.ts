// The words that a script is told, by their names: `group=vg0`. It declares which it knows (declare_words of prelude.sh), and refuses the others.

/** A list is told a word for each of its values. */
export type WordValue = string | number | readonly string[] | undefined;

/** A value that is absent is told as an empty one, and so is a list of nothing. */
export const namedWords = (words: Readonly<Record<string, WordValue>>): string[] =>
  Object.entries(words).flatMap(([name, value]) => {
    const values = typeof value === 'object' && value.length > 0 ? value : [value ?? ''];
    return values.map((one) => `${name}=${one}`);
  });

/** undefined: it is not among them. */
export function wordOf(args: readonly string[], name: string): string | undefined {
  const found = args.find((word) => word.startsWith(`${name}=`));
  return found?.slice(name.length + 1);
}
