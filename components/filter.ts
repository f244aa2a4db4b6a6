// Words that a row must contain, or must not contain with a `!`. Pure.

type Has = (text: string, word: string) => boolean;

const within: Has = (text, word) => text.includes(word);

/** Matches only at the beginning of a word: `undone` does not contain `done`. */
export const beginning: Has = (text, word) => {
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
    if (at === 0 || !/\p{L}/u.test(text.charAt(at - 1))) return true;
  }
  return false;
};

/** A row passes if its text has all words, and none of those with a `!`. The text is made only when a word needs it. */
export function filterOf(filter: string, has: Has = within): (text: () => string) => boolean {
  const words = filter
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '' && word !== '!');
  if (words.length === 0) return () => true;
  return (read) => {
    const text = read().toLowerCase();
    return words.every((word) => (word.startsWith('!') ? !has(text, word.slice(1)) : has(text, word)));
  };
}
