// What a host needs for a view of it in which a program reads what another host sent (cell.sh). Pure.
import type { Side } from '../request.ts';
import { type Finding, judging } from './finding.ts';

const cellTools = ['unshare', 'mountpoint', 'chroot'];
export const cellPackages = 'install util-linux and coreutils';

export const lackingOfCell = (tools: readonly string[]): readonly string[] =>
  cellTools.filter((name) => !tools.includes(name));

/** Why the server's own program can't be started there; undefined: it can. Other folders may have sockets and data of other servers, and are hidden. */
export function unseenInCell({ host, facts: { programPath } }: Pick<Side, 'host' | 'facts'>): string | undefined {
  if (programPath === undefined || /^\/(usr|opt|bin|sbin)\//.test(programPath)) return undefined;
  return `the server of ${host.name} is started from ${programPath}: a server of a job sees programs below /usr and /opt alone`;
}

export function cellChecks(side: Pick<Side, 'host' | 'facts'>): Finding[] {
  const lacking = lackingOfCell(side.facts.tools);
  if (lacking.length === 0) return [];
  return [judging(side).refuse(`${side.host.name} has no ${lacking.join(', no ')}`, cellPackages)];
}
