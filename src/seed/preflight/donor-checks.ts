// Whether a host can give its datadir.

import { shortSize } from '../../text/amounts.ts';
import type { SeedRequest } from '../request.ts';
import { besidePlaces, givenBytes } from '../target/state-places.ts';
import { donorTools } from '../transfer/channel/channel-checks.ts';
import { datadirChecks, lockChecks, toolChecks } from './data/datadir-checks.ts';
import { engineChecks } from './data/engine-checks.ts';
import { innodbChecks } from './data/innodb-checks.ts';
import { unprovedChecks } from './data/keyring-checks.ts';
import { nextStartChecks } from './data/next-start-checks.ts';
import { wholeChecks } from './data/whole-checks.ts';
import { type Finding, judging } from './finding.ts';
import { clusterChecks } from './identity/cluster-checks.ts';
import { reachChecks } from './identity/identity-checks.ts';
import { channelLossChecks } from './replication/channel-loss.ts';
import { eventChecks } from './replication/event-checks.ts';
import { filterChecks } from './replication/filter-checks.ts';
import { donorPassedOver } from './replication/passed-over.ts';

/** `given`: the checks of the method. */
export function donorChecks(request: SeedRequest, given: readonly Finding[]): Finding[] {
  const { donor } = request;
  const { facts } = donor;
  const bytes = givenBytes(facts);
  const beside = besidePlaces(facts).map(({ path }) => path);
  return [
    ...reachChecks(donor),
    ...datadirChecks(donor),
    ...nextStartChecks(donor, 'donor'),
    ...innodbChecks(donor, 'donor'),
    ...lockChecks(donor, request.openJobs),
    ...wholeChecks(request),
    ...clusterChecks(donor),
    ...(request.method.usesChannel ? toolChecks(donor, ['tar', 'cksum', ...donorTools(request)]) : []),
    ...given,
    ...engineChecks(request),
    ...unprovedChecks(donor),
    ...channelLossChecks(request),
    ...filterChecks(request),
    ...donorPassedOver(donor),
    ...eventChecks(request),
    bytes === undefined
      ? judging(donor).unknown(`data: how much is unknown, ${facts.datadir} has more than could be counted`)
      : judging(donor).pass(`data: ${shortSize(bytes)} in ${[facts.datadir, ...beside].join(', ')}`),
  ];
}
