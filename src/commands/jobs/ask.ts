// What a plan is made from: the host as it is now.
import { askOnce } from '../../fleet/once.ts';
import type { Host, Inventory } from '../../inventory/settings.ts';
import { openRemotes } from '../../remote/open.ts';
import { scriptText } from '../../scripts/script.ts';
import { exitCodes } from '../answer.ts';
import { untilSignalled } from '../hosts/signals.ts';
import { chooseHosts, type HostOptions, targetOf } from '../hosts/targets.ts';
import type { Subject } from './draft.ts';

const deadlineMs = 30_000;

export interface Asked extends Subject {
  readonly inventory: Inventory;
}

/**
 * Asks the hosts named, all at once. One that is not reached is said, and sets the exit code. undefined: there is nothing to
 * go on with; it was said why.
 */
export async function askHosts(names: readonly string[], options: HostOptions): Promise<readonly Asked[] | undefined> {
  const chosen = await chooseHosts(names, options);
  if (!chosen) return undefined;
  const { inventory, hosts } = chosen;
  const script = await scriptText('probe');
  const remotes = openRemotes({ environment: process.env });
  const asked: Asked[] = [];
  const code = await untilSignalled(async (signal) => {
    const open = (host: Host) => remotes.open(targetOf(host, inventory));
    const picture = await askOnce({ inventory, hosts, script, open, deadlineMs, signal });
    let worst: number = exitCodes.done;
    for (const { host, link, report } of picture.hosts) {
      if (link.state === 'failed') {
        const { message, advice } = link.failure;
        process.stderr.write(`reseed: ${host.name}: ${message}${advice ? `; ${advice}` : ''}\n`);
        worst = exitCodes.unreachable;
      } else {
        asked.push({ host, report, inventory, target: targetOf(host, inventory) });
      }
    }
    return worst;
  });
  await remotes.close();
  process.exitCode = code;
  return code === exitCodes.done || code === exitCodes.unreachable ? asked : undefined;
}
