// What a host needs for a view of it in which a program reads what another host sent (cell.sh). Pure.
import type { Side } from '../request.ts';
import { type Finding, judging } from './finding.ts';

const cellTools = ['unshare', 'mountpoint', 'chroot'];
export const cellPackages = 'install util-linux and coreutils';

export const lackingOfCell = (tools: readonly string[]): readonly string[] =>
  cellTools.filter((name) => !tools.includes(name));

/** Those of cell.sh. */
const seenMounts = ['/', '/usr', '/usr/local', '/opt'];

/** Why the server's own program can't be started there; undefined: it can. Other folders may have sockets and data of other servers, and are hidden. */
export function unseenInCell({ host, facts }: Pick<Side, 'host' | 'facts'>): string | undefined {
  const { programPath, programFile = programPath, programMount } = facts;
  if (programPath === undefined || programFile === undefined) return undefined;
  const hidden = [programPath, programFile].find((path) => !/^\/(usr|opt|bin|sbin)\//.test(path));
  if (hidden !== undefined) {
    return `the server of ${host.name} is started from ${hidden}: a server of a job sees programs below /usr and /opt alone`;
  }
  if (programMount === undefined || seenMounts.includes(programMount)) return undefined;
  return `the server of ${host.name} is started from ${programPath}, on the volume of ${programMount}: a server of a job sees those of ${seenMounts.join(', ')} alone`;
}

export function cellChecks(side: Pick<Side, 'host' | 'facts'>): Finding[] {
  const lacking = lackingOfCell(side.facts.tools);
  if (lacking.length === 0) return [];
  return [judging(side).refuse(`${side.host.name} has no ${lacking.join(', no ')}`, cellPackages)];
}
