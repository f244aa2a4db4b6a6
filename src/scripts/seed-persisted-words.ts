// The words of seed-persisted.sh, and what it says.
import { cleanLine } from '../text/clean.ts';
import { type Login, loginWords, namedWords } from './named-words.ts';

export const seedPersistedWords = (mysql: Login): string[] => namedWords(loginWords(mysql));

/** As a sentence of that host; undefined: it has all that SET PERSIST has set. */
export function laterText(host: string, said: string): string | undefined {
  const [, names] = /^later ([a-z0-9_. ]+)$/m.exec(said) ?? [];
  if (names !== undefined) {
    return `${host} has what SET PERSIST has set of ${names.replaceAll(' ', ', ')} from its next restart on`;
  }
  const [, why] = /^unknown (.*)$/m.exec(said) ?? [];
  if (why === undefined) return undefined;
  return `whether ${host} has what SET PERSIST has set is not known: ${cleanLine(why)}. It has it from its next restart on`;
}
