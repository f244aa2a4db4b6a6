// Which hosts a seed is planned from besides its donor and targets: those of their clusters, and sources that these name. No other host of
// the inventory is asked. Pure.
import type { Host } from '../../inventory/settings.ts';
import type { Subject } from './draft.ts';

/** Those named, and the others of their clusters: they tell whom to follow, have accounts, and no two may have one server_id. */
export function clusterOf(hosts: readonly Host[], named: readonly string[]): readonly string[] {
  const clusters = new Set(hosts.filter(({ name }) => named.includes(name)).map(({ cluster }) => cluster));
  return hosts.filter(({ name, cluster }) => named.includes(name) || clusters.has(cluster)).map(({ name }) => name);
}

/** Hosts of the inventory that one of those asked replicates from, by name or address, and that were not asked. */
export function unaskedSources(hosts: readonly Host[], asked: readonly Pick<Subject, 'host' | 'report'>[]): string[] {
  const sources = new Set(
    asked.flatMap(({ report: { replication } }) =>
      replication?.ok ? replication.value.channels.map(({ sourceHost }) => sourceHost) : [],
    ),
  );
  const known = new Set(asked.map(({ host }) => host.name));
  return hosts
    .filter(({ name, ssh }) => !known.has(name) && (sources.has(ssh.host) || sources.has(name)))
    .map(({ name }) => name);
}
