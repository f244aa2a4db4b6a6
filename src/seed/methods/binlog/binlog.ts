// The method that copies nothing: the targets go on from the data that they have, by the binary logs of their source.
import type { HostReport } from '../../../host/facts.ts';
import type { Gift, Seen } from '../candidate.ts';
import type { SeedMethod } from '../method.ts';
import { reattachChecks } from './checks.ts';
import { mayGoOn } from './history.ts';
import { injectEmpty } from './inject-empty.ts';
import { planReattach } from './plan.ts';
import { keepReattached, reattach } from './reattach.ts';

export const byBinlog: SeedMethod = {
  name: 'binlog',
  about: 'nothing is copied, the targets go on from the data that they have',
  dataName: 'its own data',
  kinds: [injectEmpty, reattach, keepReattached],
  donorRuns: true,
  copies: false,
  readsSnapshot: false,
  reserve: 'what a target has may be what it is to be rid of: reseed does not know why it is seeded',
  usesChannel: false,
  onlyInnodb: false,
  unused: [
    'ends',
    'writable',
    'events',
    'snapshot',
    'keepSnapshot',
    'channel',
    'compression',
    'streams',
    'bandwidthBytesPerSecond',
    'clear',
    'maxLagSeconds',
  ],
  gifts,
  preflight: (request) => request.targets.flatMap((target) => reattachChecks(request, target)),
  plan: planReattach,
  start: () => ({ position: 'gtid', isByFile: false }),
};

/** A host that has no source may be followed without a copy. */
function gifts({ host, report }: Seen, target: Seen): readonly Gift[] | string {
  if (!hasNoSource(report)) return 'it replicates itself';
  const lacks = mayGoOn(target.report, report);
  if (lacks === undefined) return `whether it has what ${target.host.name} lacks is not known`;
  return [
    {
      id: `${host.name} binlog`,
      brief: 'binary logs only',
      title: 'its binary logs',
      words: `${target.host.name} catches up on the data that it has, and lacks ${lacks} transactions`,
    },
  ];
}

const hasNoSource = ({ replication }: HostReport) =>
  replication?.ok === true && replication.value.channels.length === 0;
