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

export const tryAccountWords = ({
  host,
  port,
  tls,
}: {
  readonly host: string;
  readonly port: number;
  readonly tls: boolean;
}): string[] => ['try', ...namedWords({ host, port, tls: tls ? 'yes' : 'no' })];
