// The words of leftovers.sh.
import { type Login, loginWords, namedWords } from './named-words.ts';

/** `login`: to look for accounts of seeds. */
export const findWords = (datadir: string, login: Login = {}): string[] => [
  'find',
  ...namedWords({ datadir, ...loginWords(login) }),
];

/** `device`: major:minor, as it was found. */
export const unmountWords = ({ folder, device }: { readonly folder: string; readonly device: string }): string[] => [
  'unmount',
  ...namedWords({ folder, device }),
];

export const unholdWords = ({ unit, job }: { readonly unit: string; readonly job: string }): string[] => [
  'unhold',
  ...namedWords({ unit, job }),
];

/** `forget`: the coordinates of that name; `scrap`: the file or folder. */
export const removeWords = (verb: 'forget' | 'scrap', name: string): string[] => [verb, ...namedWords({ name })];
