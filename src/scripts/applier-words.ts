// The words of applier.sh. `job`: a key.
import { type Login, loginWords, namedWords } from './named-words.ts';

interface Stopped extends Login {
  readonly job: string;
  /** The word for a replica in the server's statements. */
  readonly word: 'REPLICA' | 'SLAVE';
}

export const stopApplierWords = ({ job, word, ...login }: Stopped): string[] => [
  'stop',
  ...namedWords({ job, ...loginWords(login), word }),
];

export const startApplierWords = (job: string): string[] => ['start', ...namedWords({ job })];
