// The words that a script is told, by their names: `group=vg0`. It declares which it knows (declare_words of prelude.sh), and refuses the others.

/** A value that is absent is told as an empty one. */
export const namedWords = (words: Readonly<Record<string, string | number | undefined>>): string[] =>
  Object.entries(words).map(([name, value = '']) => `${name}=${value}`);

/** undefined: it is not among them. */
export function wordOf(args: readonly string[], name: string): string | undefined {
  const found = args.find((word) => word.startsWith(`${name}=`));
  return found?.slice(name.length + 1);
}
