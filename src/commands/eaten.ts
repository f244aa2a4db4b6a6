// Options whose value may be left out, or repeated, take the word behind them: where a word is missing afterwards, that is told.

const greedy = ['--yes', '--host'];

/** undefined: none of them has a word behind it. */
export function eatenText(words: readonly string[]): string | undefined {
  const at = words.findIndex((word, index) => greedy.includes(word) && !(words[index + 1] ?? '-').startsWith('-'));
  const [option, value] = words.slice(at, at + 2);
  if (at < 0) return undefined;
  return option === '--host'
    ? '--host takes all names behind it: put it last'
    : `${option} took ${value} for its own: write ${option}=${value}, or put it last`;
}
