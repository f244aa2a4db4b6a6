// The words of seed-account.sh. seed/replica/source/account.ts reads the account that it prints.
import { type Login, loginWords, namedWords } from './named-words.ts';

interface Kept {
  readonly mysql: Login;
  readonly datadir: string;
  /** Where the job keeps it; undefined: the server is asked. */
  readonly file: string | undefined;
  /** undefined: the default channel. */
  readonly channel: string | undefined;
}

export const keptAccountWords = (verb: 'tell' | 'keep', { mysql, datadir, file, channel }: Kept): string[] => [
  verb,
  ...namedWords({ ...loginWords(mysql), datadir, file, channel }),
];

/** As the replica will log in. Paths are absolute; absent: it has none. */
export interface TryLogin {
  readonly host: string;
  readonly port: number;
  readonly tls: boolean;
  /** It proves by TLS who its source is. */
  readonly verify: boolean;
  readonly ca?: string;
  readonly capath?: string;
  readonly cert?: string;
  readonly key?: string;
}

export const tryAccountWords = ({ host, port, tls, verify, ca, capath, cert, key }: TryLogin): string[] => [
  'try',
  ...namedWords({ host, port, tls: tls ? 'yes' : 'no', verify: verify ? 'yes' : 'no', ca, capath, cert, key }),
];

export const reachWords = ({ host, port }: Pick<TryLogin, 'host' | 'port'>): string[] => [
  'reach',
  ...namedWords({ host, port }),
];
