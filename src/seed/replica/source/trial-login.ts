// How a target will log in at its sources: its login is tried in the same way before anything is destroyed. Pure.
import { posix } from 'node:path';
import type { TryLogin } from '../../../scripts/seed-account-words.ts';
import { atLeast } from '../../../snapshot/lock-words.ts';
import type { KeptChannel, Setting } from '../kept/kept-channels.ts';
import type { AttachPlan } from '../plan.ts';

/** MariaDB: MASTER_SSL_VERIFY_SERVER_CERT if nothing is said. */
export const verifiesByDefault = (version: string): boolean => atLeast(version, [11, 4]);

/** At the source of its default channel. */
export function trialLogin({ vendor, version, datadir, source, kept }: AttachPlan): TryLogin {
  const { host, port } = source;
  const tls = source.tls || kept?.tls === true;
  const own = byTls(kept?.settings ?? [], datadir);
  return { host, port, tls, verify: vendor === 'mariadb' && verifiesByDefault(version), ...own };
}

export const channelLogin = (
  { datadir }: Pick<AttachPlan, 'datadir'>,
  { host, port, tls, settings }: KeptChannel,
): TryLogin => ({ host, port, tls, verify: false, ...byTls(settings, datadir) });

/** A relative path is below the datadir, where a server works. */
function byTls(settings: readonly Setting[], datadir: string): Partial<TryLogin> {
  const named = (name: string) =>
    settings.find(({ option }) => /^(?:SOURCE|MASTER)_SSL_(.*)$/.exec(option)?.[1] === name);
  const path = (name: string) => {
    const [text] = Object.values(named(name)?.texts ?? {});
    return text === undefined ? undefined : posix.resolve(datadir, text);
  };
  const verify = named('VERIFY_SERVER_CERT')?.sql;
  const paths = { ca: path('CA'), capath: path('CAPATH'), cert: path('CERT'), key: path('KEY') };
  return {
    ...(verify !== undefined && { verify: verify === '1' }),
    ...Object.fromEntries(Object.entries(paths).filter(([, one]) => one !== undefined)),
  };
}
