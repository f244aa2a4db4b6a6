// Returns hosts to their first state: the original disks, no faults.
import type { DrillHost } from './host.ts';
import { drillHosts, replicasOf } from './hosts.ts';
import { withLock } from './lock.ts';
import { cutPower, removeDisks } from './machine/machine.ts';
import type { Places } from './places.ts';
import type { Progress } from './progress.ts';
import { requireHost, requireState, writeState } from './state.ts';
import { startHost, waitUntilReady } from './up.ts';

/**
 * Resets `hosts` and returns the names of all that were reset. Running replicas of a reset host are reset too: a
 * replica can't follow a source that went back in time.
 */
export async function resetHosts(places: Places, hosts: readonly DrillHost[], progress: Progress): Promise<string[]> {
  return withLock(places.state, progress, async () => {
    const state = await requireState(places);
    for (const host of hosts) requireHost(state, host.name);
    const named = new Set(hosts.map(({ name }) => name));
    const drawnIn = hosts.flatMap(({ name }) => replicasOf(name)).filter(({ name }) => state.hosts[name]);
    const names = new Set([...named, ...drawnIn.map(({ name }) => name)]);
    for (const name of names) {
      if (!named.has(name)) progress.say(`${name} is reset too: it replicates from a host that goes back in time`);
    }
    const all = drillHosts.filter(({ name }) => names.has(name));
    for (const host of all) {
      await cutPower(requireHost(state, host.name));
      await removeDisks(places, host);
      delete state.hosts[host.name];
      // After each host: if the next one can't be ended, this one is recorded as off.
      await writeState(places, state);
    }
    for (const host of all) await startHost(places, state, host, progress);
    await waitUntilReady(places, state, all, progress);
    return [...names];
  });
}
