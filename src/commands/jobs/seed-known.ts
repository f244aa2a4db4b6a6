// Which hosts a seed is planned from besides its donor and targets: those of their clusters, and sources that these name. Where one is
// named by an address that the inventory does not have, only its uuid tells which host it is, and all are asked. Pure.
import type { Host } from '../../inventory/settings.ts';
import type { Subject } from './draft.ts';

/** Those named, and the others of their clusters: they tell whom to follow, have accounts, and no two may have one server_id. */
export function clusterOf(hosts: readonly Host[], named: readonly string[]): readonly string[] {
  const clusters = new Set(hosts.filter(({ name }) => named.includes(name)).map(({ cluster }) => cluster));
  return hosts.filter(({ name, cluster }) => named.includes(name) || clusters.has(cluster)).map(({ name }) => name);
}

/**
 * Hosts of the inventory that one of those asked replicates from, by name or address, and that were not asked; all that were not asked
 * where a source has another address, as a server listens on another network than its ssh.
 */
export function unaskedSources(hosts: readonly Host[], asked: readonly Pick<Subject, 'host' | 'report'>[]): string[] {
  const channels = asked.flatMap(({ report: { replication } }) => (replication?.ok ? replication.value.channels : []));
  const sources = new Set(channels.map(({ sourceHost }) => sourceHost));
  const known = new Set(asked.map(({ host }) => host.name));
  const addresses = new Set(hosts.flatMap(({ name, ssh }) => [name, ssh.host]));
  const uuids = new Set(asked.map(({ report: { server } }) => (server?.ok ? server.value.serverUuid : undefined)));
  const isUuidAlone = channels.some(
    ({ sourceHost, sourceUuid }) => sourceUuid !== undefined && !addresses.has(sourceHost) && !uuids.has(sourceUuid),
  );
  return hosts
    .filter(({ name, ssh }) => !known.has(name) && (isUuidAlone || sources.has(ssh.host) || sources.has(name)))
    .map(({ name }) => name);
}
