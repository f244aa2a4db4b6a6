// What a plan is made from: the host as it is now.
import { askOnce } from '../../fleet/once.ts';
import type { HostPicture } from '../../fleet/picture.ts';
import type { Host, Inventory } from '../../inventory/settings.ts';
import { openRemotes } from '../../remote/open.ts';
import { scriptText } from '../../scripts/script.ts';
import { about } from '../../text/about.ts';
import { exitCodes } from '../answer.ts';
import { untilSignalled } from '../hosts/signals.ts';
import { chooseHosts, type HostOptions, targetOf } from '../hosts/targets.ts';
import { mostNamed, waitingFor, waitingLine } from '../hosts/waiting-line.ts';
import type { Subject } from './draft.ts';

const mostMs = 30_000;

export interface Asked extends Subject {
  readonly inventory: Inventory;
}

export interface Asking {
  /** Those that have a part in what is to be done: one that is not reached is said, and sets the exit code. Left out: all. */
  readonly parts?: readonly string[];
  readonly deadlineMs?: number;
}

/**
 * Asks the hosts named, all at once; none named: every host. undefined: there is nothing to go on with; it was said why.
 */
export async function askHosts(
  names: readonly string[],
  options: HostOptions,
  { parts = names, deadlineMs = mostMs }: Asking = {},
): Promise<readonly Asked[] | undefined> {
  const chosen = await chooseHosts(names, options);
  if (!chosen) return undefined;
  const { inventory, hosts } = chosen;
  const script = await scriptText('probe');
  const remotes = openRemotes({ environment: process.env });
  const asked: Asked[] = [];
  const code = await untilSignalled(async (signal) => {
    const open = (host: Host) => remotes.open(targetOf(host, inventory));
    const waiting = waitingLine(`asking ${namesOf(hosts)}`, true);
    const onHeard = (left: readonly string[]) => waiting.show(waitingFor(left));
    const picture = await askOnce({ inventory, hosts, script, open, deadlineMs, signal, onHeard });
    waiting.clear();
    for (const { host, link, report } of picture.hosts) {
      if (link.state !== 'failed') asked.push({ host, report, inventory, target: targetOf(host, inventory) });
    }
    const isPart = ({ host }: HostPicture) => names.length === 0 || parts.includes(host.name);
    return sayAway(picture.hosts.filter(isPart)) ? exitCodes.unreachable : exitCodes.done;
  });
  await remotes.close();
  process.exitCode = code;
  return code === exitCodes.done || code === exitCodes.unreachable ? asked : undefined;
}

/** A few by their names, more by their number. */
const namesOf = (hosts: readonly Host[]) =>
  hosts.length > mostNamed ? `${hosts.length} hosts` : hosts.map(({ name }) => name).join(', ');

/** Whether one of them is. */
function sayAway(hosts: readonly HostPicture[]): boolean {
  const away = hosts.flatMap(({ host, link }) => (link.state === 'failed' ? [{ host, failure: link.failure }] : []));
  for (const { host, failure } of away) {
    const { message, advice } = failure;
    process.stderr.write(`reseed: ${about(host.name, message)}${advice ? `; ${advice}` : ''}\n`);
  }
  return away.length > 0;
}
