// A donor's answer about its route to a target that is no address, and so is not used. Pure. The text is cut: the host
// may be broken, or hostile.
import { cleanLine } from '../../../text/clean.ts';
import type { Side } from '../../request.ts';

/** Clean words, of at most one line; undefined: its route is an address, or it gave no answer. */
export function refusedRoute({ facts }: Pick<Side, 'facts'>, { host }: Pick<Side, 'host'>): string | undefined {
  const said = facts.refusedRoutes[host.ssh.host];
  return said === undefined
    ? undefined
    : `its route to ${host.name} is no address, and is not used: ${cleanLine(said).slice(0, 60)}`;
}
