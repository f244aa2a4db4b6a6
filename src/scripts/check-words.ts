// The words of check.sh.
import { type Login, loginWords, namedWords } from './named-words.ts';

/** `service`: the server's unit; absent: a usual name. */
export const checkWords = ({ service, ...login }: Login & { readonly service?: string }): string[] =>
  namedWords({ ...loginWords(login), service });
