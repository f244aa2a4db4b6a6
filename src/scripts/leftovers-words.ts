// The words of leftovers.sh.
import { namedWords } from './named-words.ts';

export const findWords = (datadir: string): string[] => ['find', ...namedWords({ datadir })];

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
