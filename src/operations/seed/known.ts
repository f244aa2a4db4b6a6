// Which hosts a seed is planned from besides its donor and targets: sources that these name, and the others of their clusters. Where a
// source is named by an address that the inventory does not have, only its uuid tells which host it is, and all are asked. Pure.
import type { Host } from '../../inventory/settings.ts';
import type { SeedRequest } from '../../seed/request.ts';
import type { Subject } from '../plans/draft.ts';

type Heard = Pick<Subject, 'host' | 'report'>;

interface Named {
  readonly donor: string;
  readonly targets: readonly string[];
}

/** By name. */
export interface FurtherHosts {
  /** The plan says something else without them: they are waited for as the donor is. */
  readonly needed: readonly string[];
  /** They have server ids, and may be what a source is: what they do not say in a few seconds is not known. */
  readonly brief: readonly string[];
}

/** `asked`: donor and targets, as they answered. */
export function furtherHosts(
  hosts: readonly Host[],
  asked: readonly Heard[],
  named: Named,
  request: Pick<SeedRequest, 'follow' | 'stopped' | 'accountFile'>,
): FurtherHosts {
  const { needed, mayBe } = sourcesOf(hosts, asked);
  const mates = matesOf(hosts, [named.donor, ...named.targets]);
  const others = [...new Set([...mates, ...mayBe])].filter((name) => !needed.includes(name));
  const isTold = request.accountFile !== undefined || logsInAtSource(asked, named, request);
  // A source that only its uuid names is as needed as one that is named.
  const waited = mayBe.length > 0 || request.stopped || !isTold ? others : [];
  return { needed: [...needed, ...waited], brief: others.filter((name) => !waited.includes(name)) };
}

/** The others of their clusters. */
function matesOf(hosts: readonly Host[], named: readonly string[]): readonly string[] {
  const clusters = new Set(hosts.filter(({ name }) => named.includes(name)).map(({ cluster }) => cluster));
  return hosts.filter(({ name, cluster }) => !named.includes(name) && clusters.has(cluster)).map(({ name }) => name);
}

/**
 * Hosts that were not asked and that one of those asked replicates from, by name or address; and all that were not asked where a source
 * has another address, as a server listens on another network than its ssh.
 */
function sourcesOf(hosts: readonly Host[], asked: readonly Heard[]) {
  const channels = asked.flatMap(({ report: { replication } }) => (replication?.ok ? replication.value.channels : []));
  const sources = new Set(channels.map(({ sourceHost }) => sourceHost));
  const known = new Set(asked.map(({ host }) => host.name));
  const addresses = new Set(hosts.flatMap(({ name, ssh }) => [name, ssh.host]));
  const uuids = new Set(asked.map(({ report: { server } }) => (server?.ok ? server.value.serverUuid : undefined)));
  const isUuidAlone = channels.some(
    ({ sourceHost, sourceUuid }) => sourceUuid !== undefined && !addresses.has(sourceHost) && !uuids.has(sourceUuid),
  );
  const unasked = hosts.filter(({ name }) => !known.has(name));
  const namesOf = (some: readonly Host[]) => some.map(({ name }) => name);
  return {
    needed: namesOf(unasked.filter(({ name, ssh }) => sources.has(ssh.host) || sources.has(name))),
    mayBe: isUuidAlone ? namesOf(unasked) : [],
  };
}

/** The donor has the account that the targets will replicate with: no other replica has to be asked for one. */
function logsInAtSource(asked: readonly Heard[], { donor, targets }: Named, { follow }: Pick<SeedRequest, 'follow'>) {
  const heard = asked.find(({ host }) => host.name === donor)?.report.replication;
  const channels = heard?.ok ? heard.value.channels : [];
  const rebuilt = asked.filter(({ host }) => targets.includes(host.name));
  // A target that is the donor's source follows the donor after the seed.
  const isSource = ({ host, report: { server } }: Heard) =>
    channels.some(
      ({ sourceHost, sourceUuid }) =>
        sourceHost === host.ssh.host ||
        sourceHost === host.name ||
        (sourceUuid !== undefined && server?.ok && server.value.serverUuid === sourceUuid),
    );
  return follow !== 'donor' && channels.length > 0 && !rebuilt.some(isSource);
}
