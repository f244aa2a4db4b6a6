// Asks the hosts that a seed is planned from: donor and targets, then their sources, then the others of their clusters.
import { present } from '../../host/known.ts';
import type { Host, Inventory } from '../../inventory/settings.ts';
import type { Asked, Heard } from '../hosts/ask.ts';
import { targetOf } from '../hosts/target-of.ts';
import type { Subject } from '../plans/draft.ts';
import { type FurtherRequest, furtherHosts } from './known.ts';

/** How long a plan waits for a host that has no part in it. */
const briefMs = 5000;

interface Named {
  readonly donor: string;
  readonly targets: readonly string[];
}

/** Absent `deadlineMs`: as long as for any host. undefined: the asking was ended. */
type Listen = (hosts: readonly Host[], deadlineMs?: number) => Promise<Pick<Heard, 'asked' | 'away'> | undefined>;

/** `away`: donor or a target did not answer. undefined: the asking was ended. */
export async function askForSeed(
  inventory: Inventory,
  named: Named,
  request: FurtherRequest,
  listen: Listen,
): Promise<{ readonly known: readonly Subject[]; readonly away: Heard['away'] } | undefined> {
  const only = (names: readonly string[]) => inventory.hosts.filter(({ name }) => names.includes(name));
  const first = await listen(only([named.donor, ...named.targets]));
  if (!first || first.away.length > 0) return first && { known: [], away: first.away };
  const { needed, brief } = furtherHosts(inventory.hosts, first.asked, named, request);
  const ask = async (names: readonly string[], deadlineMs?: number) =>
    names.length === 0 ? { asked: [], away: [] } : await listen(only(names), deadlineMs);
  const [sources, others] = await Promise.all([ask(needed), ask(brief, briefMs)]);
  if (!sources || !others) return undefined;
  const heard: readonly Asked[] = [...first.asked, ...sources.asked, ...others.asked];
  // A source that is away is a host of the inventory still.
  const unheard = only([...needed, ...brief])
    .filter(({ name }) => !heard.some(({ host }) => host.name === name))
    .map((host) => {
      const away = [...sources.away, ...others.away].find(({ host: name }) => name === host.name)?.message;
      return { host, report: {}, inventory, target: targetOf(host, inventory), ...present('away', away) };
    });
  return { known: [...heard, ...unheard], away: [] };
}
