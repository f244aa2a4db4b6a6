// The words of service.sh.
import { type Login, loginWords, namedWords } from './named-words.ts';

interface Looked extends Login {
  /** The unit's name for systemctl. */
  readonly unit: string;
  readonly datadir: string;
  /** The server's error log; empty: the journal has it. */
  readonly log: string;
  /** The byte of the log where the output begins, or the path of a file with that number. */
  readonly from: string;
}

export const lookWords = ({ unit, datadir, log, from, ...login }: Looked): string[] => [
  'look',
  ...namedWords({ unit, datadir, ...loginWords(login), log, from }),
];

export const serviceWords = (verb: 'start' | 'stop' | 'ended', unit: string): string[] => [
  verb,
  ...namedWords({ unit }),
];

export const whichWords = (datadir: string): string[] => ['which', ...namedWords({ datadir })];
