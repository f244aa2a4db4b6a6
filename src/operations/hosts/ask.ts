// The input of a plan: the present facts of hosts, asked all at once.
import { askOnce } from '../../fleet/polling/once.ts';
import type { Host, Inventory } from '../../inventory/settings.ts';
import { openRemotes } from '../../remote/open.ts';
import { scriptText } from '../../scripts/script.ts';
import type { Subject } from '../plans/draft.ts';
import type { Refusal } from '../result.ts';
import { targetOf } from './target-of.ts';

export interface Asked extends Subject {
  readonly inventory: Inventory;
}

export interface AskingHosts {
  readonly deadlineMs: number;
  readonly signal: AbortSignal;
  /** Called with the hosts that have neither answered nor failed yet, whenever these change. */
  readonly onHeard: (waitingFor: readonly string[]) => void;
}

export interface Heard {
  /** The hosts that answered, in the order of the inventory. */
  readonly asked: readonly Asked[];
  /** Why each of the others did not. */
  readonly away: readonly (Refusal & { readonly host: string })[];
}

/** If aborted, returns what has come so far. */
export async function askTheseHosts(inventory: Inventory, hosts: readonly Host[], asking: AskingHosts): Promise<Heard> {
  const script = await scriptText('probe');
  const remotes = openRemotes({ environment: process.env });
  const open = (host: Host) => remotes.open(targetOf(host, inventory));
  const picture = await askOnce({ inventory, hosts, script, open, ...asking });
  await remotes.close();
  const asked = picture.hosts
    .filter(({ link }) => link.state !== 'failed')
    .map(({ host, report }) => ({ host, report, inventory, target: targetOf(host, inventory) }));
  const away = picture.hosts.flatMap(({ host, link }) => {
    if (link.state !== 'failed') return [];
    const { message, advice } = link.failure;
    return [{ kind: 'unreachable', message, advice, host: host.name } as const];
  });
  return { asked, away };
}
