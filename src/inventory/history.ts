// The database that jump hosts share, in the file: its settings, and what zod can't check.
import { checked } from './check.ts';
import { localPath } from './paths.ts';
import type { Complain } from './problem.ts';
import { described, type Entry } from './reading/tree.ts';
import { historySchema } from './schema.ts';
import type { Environment, HistorySettings } from './settings.ts';

interface Context {
  readonly environment: Environment;
  readonly complain: Complain;
}

const example = 'history: mysql://127.0.0.1:3306/reseed';
const usualAccount = `\${XDG_CONFIG_HOME:-~/.config}/reseed/history.cnf`;

/** undefined: the file has none, or something is wrong with it, which is then reported. */
export function historyIn(entry: Entry | undefined, { environment, complain }: Context): HistorySettings | undefined {
  if (!entry) return undefined;
  const { at, value } = entry;
  if (value.kind === 'unset' || value.kind === 'list') {
    complain(value.kind === 'list' ? value.at : at, `history is ${described(value)}`, `write ${example}`);
    return undefined;
  }
  const settings = checked(value, historySchema(environment), 'history', complain, true);
  if (!settings) return undefined;
  const { store, socket, tls, key, owner } = settings;
  const account = settings.account ?? accountPath(environment);
  if (account === undefined) {
    complain(at, 'history has no account', 'write account: and the whole path of a file with user and password');
    return undefined;
  }
  if (tls === undefined && socket === undefined && !isLoopback(store.host)) {
    complain(
      at,
      `history is on ${store.host}, and says nothing of tls`,
      'write tls: true, tls: /PATH/OF/AUTHORITY.pem, or tls: false if others may read the plans on their way',
    );
    return undefined;
  }
  return {
    ...store,
    account,
    tls: tls ?? false,
    ...(socket !== undefined && { socket }),
    ...(key !== undefined && { key }),
    ...(owner !== undefined && { owner }),
  };
}

function accountPath(environment: Environment): string | undefined {
  const read = localPath(environment)(usualAccount);
  return 'value' in read ? read.value : undefined;
}

const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '::1' || /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(host);
