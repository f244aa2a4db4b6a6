// The words of seed-facts.sh and seed-trial.sh, which tell before a seed what a host has.
import { type Login, loginWords, namedWords } from './named-words.ts';

interface Asked extends Login {
  /** As the probe knows it; what the server itself says counts. */
  readonly datadir: string;
  /** The server's; empty: none is known. */
  readonly unit: string;
  /** The inventory names that unit (`mysql.service`); else it was found. */
  readonly isNamed: boolean;
  /** Ports that a seed may listen on. */
  readonly first: number;
  readonly last: number;
  /** The same for all hosts of a seed, for digests of keys; absent: none is told. */
  readonly salt?: string;
  /** Addresses of the other hosts. */
  readonly peers: readonly string[];
}

export const factsWords = ({ datadir, unit, isNamed, first, last, salt, peers, ...login }: Asked): string[] =>
  namedWords({ datadir, ...loginWords(login), unit, named: isNamed ? 'yes' : '', first, last, salt, peer: peers });

export const trialWords = (seconds: number): string[] => ['sshd', ...namedWords({ seconds })];
