/** The values of a word that may be given several times, from the words of a planned command. */
export const wordsOf = (args: readonly string[], name: string): string[] =>
  args.flatMap((word) => (word.startsWith(`${name}=`) ? [word.slice(name.length + 1)] : []));
