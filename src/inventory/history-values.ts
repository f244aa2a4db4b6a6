// The single values of `history`: text -> a value, or what to write instead.
import { localPath } from './paths.ts';
import type { Environment, HistorySettings } from './settings.ts';
import { isSshHost, type Reading } from './values.ts';

type Store = Pick<HistorySettings, 'host' | 'port' | 'database'>;

/** `mysql://HOST:PORT/DATABASE`. An account in it would be in a file that others read. */
export const storeAddress: Reading<Store> = (text) => {
  const [, login, host = '', port = '3306', database = ''] =
    /^mysql:\/\/([^@/]*@)?(\[[\da-fA-F:.%\w]+\]|[^:/?#[\]]+)(?::(\d{1,5}))?\/([^/?#]+)$/.exec(text) ?? [];
  if (login !== undefined) return { instead: 'write it without a user: account names a file with user and password' };
  const name = host.replace(/^\[|\]$/g, '');
  const isPort = Number(port) >= 1 && Number(port) <= 65_535;
  // Letters that need no quotes in SQL, in any mode of a server.
  if (!isSshHost(name) || !isPort || !/^\w{1,64}$/.test(database)) {
    return { instead: 'write mysql://HOST:PORT/DATABASE, the database in letters, digits and _' };
  }
  return { value: { host: name, port: Number(port), database } };
};

export const tlsOrAuthority =
  (environment: Environment): Reading<HistorySettings['tls']> =>
  (text) => {
    if (text === 'true' || text === 'false') return { value: text === 'true' };
    const read = localPath(environment)(text);
    return 'value' in read
      ? { value: { authority: read.value } }
      : { instead: 'write true, false, or the whole path of a file with the authority of its certificate' };
  };

/** As they are before the colon in `jump1:4`. */
export const jumpHostName: Reading<string> = (text) =>
  /^[\w.-]{1,60}$/.test(text) && /[^\d]/.test(text)
    ? { value: text }
    : { instead: 'write the name of a jump host, as reseed history tells it' };
