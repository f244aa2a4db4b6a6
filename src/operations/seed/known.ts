// Which hosts are asked for a seed besides its donor and targets: the sources that these name, and the other hosts of
// their clusters. If a source's address is not in the inventory, only its uuid tells which host it is, so all are
// asked. Pure.
import type { Host } from '../../inventory/settings.ts';
import { endingOf } from '../../seed/ending.ts';
import { isDonorDown, type SeedRequest } from '../../seed/request.ts';
import type { Subject } from '../plans/draft.ts';

type Heard = Pick<Subject, 'host' | 'report'>;

interface Named {
  readonly donor: string;
  readonly targets: readonly string[];
}

/** By name. */
export interface FurtherHosts {
  /** The plan depends on them: they are waited for as long as for the donor. */
  readonly needed: readonly string[];
  /** Their server ids matter, and one of them may be a source. What they do not answer in a few seconds stays unknown. */
  readonly brief: readonly string[];
}

export interface FurtherRequest extends Pick<SeedRequest, 'follow' | 'accountFile' | 'ends'> {
  readonly method: Pick<SeedRequest['method'], 'donorRuns'>;
}

/** `asked`: the answers of donor and targets. */
export function furtherHosts(
  hosts: readonly Host[],
  asked: readonly Heard[],
  named: Named,
  request: FurtherRequest,
): FurtherHosts {
  // A host that no target replicates from matters by its server_id alone, unless it has an account for the targets.
  const { catchesUp, unused } = endingOf(request);
  const { needed, mayBe } = catchesUp ? sourcesOf(hosts, asked) : { needed: [], mayBe: [] };
  const mates = matesOf(hosts, [named.donor, ...named.targets]);
  const others = [...new Set([...mates, ...mayBe])].filter((name) => !needed.includes(name));
  const donor = asked.find(({ host }) => host.name === named.donor);
  const isDown = catchesUp && donor !== undefined && isDonorDown({ donor, method: request.method });
  const needsNone = request.accountFile !== undefined || unused.includes('accountFile');
  const isTold = needsNone || logsInAtSource(asked, named, request);
  // If only its uuid identifies a source, all candidates are as needed as a named source.
  const waited = mayBe.length > 0 || isDown || !isTold ? others : [];
  return { needed: [...needed, ...waited], brief: others.filter((name) => !waited.includes(name)) };
}

/** The other hosts of their clusters. */
function matesOf(hosts: readonly Host[], named: readonly string[]): readonly string[] {
  const clusters = new Set(hosts.filter(({ name }) => named.includes(name)).map(({ cluster }) => cluster));
  return hosts.filter(({ name, cluster }) => !named.includes(name) && clusters.has(cluster)).map(({ name }) => name);
}

/**
 * Hosts not yet asked that one of `asked` replicates from, by name or address; and all hosts not yet asked if a source
 * has another address, as for a server that listens on another network than its ssh.
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
  // A target that is the donor's source will replicate from the donor after the seed.
  const isSource = ({ host, report: { server } }: Heard) =>
    channels.some(
      ({ sourceHost, sourceUuid }) =>
        sourceHost === host.ssh.host ||
        sourceHost === host.name ||
        (sourceUuid !== undefined && server?.ok && server.value.serverUuid === sourceUuid),
    );
  return follow !== 'donor' && channels.length > 0 && !rebuilt.some(isSource);
}
