// Open temporary tables of a target's applier. The seed stops the target's server, which drops them; an undone seed
// puts the old data back without them. Also those that a donor's applier had at a time that can't be asked about any
// more: when an existing snapshot was taken, or before a stop. For a new snapshot the donor is asked (create.ts). Pure.

import { applierTempTables } from '../../../host/server/temp-tables.ts';
import { marksOf } from '../../../host/storage/snapshots.ts';
import { endingOf } from '../../ending.ts';
import { whomToFollow } from '../../replica/source/followed.ts';
import type { SeedRequest, Side } from '../../request.ts';
import { type Finding, judging } from '../finding.ts';
import { versionOf } from '../identity/versions.ts';

const dropped =
  'its stop drops them. If the seed is undone, later statements of its source that use them fail or change another table';

export function applierTableChecks(target: Side): Finding[] {
  const { warn, unknown } = judging(target);
  const open = applierTempTables(target.report);
  if (open === undefined) return [];
  if (open === 'unknown') return [unknown(`open temporary tables of its applier: unknown; ${dropped}`)];
  return [warn(`its applier has ${open}: ${dropped}`, 'wait until the session on its source that made them ends')];
}

/** A snapshot with the tag was taken by a reseed that asked the applier too, under the lock. */
const wasAsked = ({ snapshot }: SeedRequest) => snapshot !== undefined && marksOf(snapshot).tempTables !== undefined;

/** A donor that is down does not report its channels: then it is a replica if the target will replicate from its source. */
function isReplica(request: SeedRequest): boolean {
  // No later statement of its source comes to a target then.
  if (!endingOf(request).catchesUp) return false;
  const { replication } = request.donor.report;
  if (replication?.ok) return replication.value.channels.length > 0;
  return request.targets.some((target) => {
    const vendor = versionOf(target)?.vendor;
    const followed = vendor && whomToFollow(request, target, vendor);
    return followed?.ok === true && followed.follow === 'source';
  });
}

/** For an existing snapshot, or a donor that is down. */
export function unaskedApplierChecks(request: SeedRequest): Finding[] {
  const { donor, snapshot } = request;
  if (wasAsked(request) || !isReplica(request)) return [];
  const when = snapshot ? `when ${snapshot.group}/${snapshot.volume} was taken` : 'when its server was stopped';
  const lacking = `${snapshot ? 'it does not have them' : 'a stop drops them'}, and later statements of its source that use them would fail or change another table`;
  return [
    judging(donor).unknown(
      `temporary tables that its applier had open ${when}: unknown; ${lacking}`,
      snapshot
        ? 'let reseed take a new snapshot, which asks for them'
        : `start it, and reseed stop ${donor.host.name}, which tells of them`,
    ),
  ];
}

/** For above the prompt. */
export function applierTableSentences(request: SeedRequest): string[] {
  const { donor, snapshot, targets } = request;
  const ofDonor =
    snapshot && !wasAsked(request) && isReplica(request)
      ? targets.map(
          ({ host }) =>
            `${host.name} may get wrong rows: whether the applier of ${donor.host.name} had temporary tables open when ${snapshot.group}/${snapshot.volume} was taken is not known`,
        )
      : [];
  return [...ofDonor, ...targets.flatMap(ofTarget)];
}

function ofTarget({ host, report }: Side): string[] {
  const open = applierTempTables(report);
  return open === undefined || open === 'unknown'
    ? []
    : [`the applier of ${host.name} has ${open}: its stop drops them, and an undone seed does not bring them back`];
}
