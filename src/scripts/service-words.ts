// The words of service.sh.
import { type Login, loginWords, namedWords } from './named-words.ts';

interface Looked extends Login {
  /** As systemctl takes it. */
  readonly unit: string;
  readonly datadir: string;
  /** The server's error log; empty: the journal has what it says. */
  readonly log: string;
  /** The byte of the log that is the first to be shown, or the path of a file that has it. */
  readonly from: string;
}

export const lookWords = ({ unit, datadir, log, from, ...login }: Looked): string[] => [
  'look',
  ...namedWords({ unit, datadir, ...loginWords(login), log, from }),
];

export const serviceWords = (verb: 'start' | 'stop', unit: string): string[] => [verb, ...namedWords({ unit })];
