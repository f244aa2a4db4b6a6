// Whether a method that reads neither under a lock nor from an applier that stands can tell where its data stands in another's log. Pure.
import { endingOf } from '../../ending.ts';
import { whomToFollow } from '../../replica/source/followed.ts';
import type { SeedRequest } from '../../request.ts';
import { type Finding, judging } from '../finding.ts';
import { hasGtid, versionOf } from '../identity/versions.ts';

/**
 * Up to where the data has its source's log: without GTIDs a MySQL replica writes that down before a commit or some time after it.
 * `data`: `a dump`.
 */
export function placeChecks(request: SeedRequest, data: string): Finding[] {
  const { donor, targets } = request;
  const vendor = versionOf(donor)?.vendor ?? 'mysql';
  if (hasGtid(donor) || !endingOf(request).catchesUp) return [];
  const away = targets.some((target) => {
    const followed = whomToFollow(request, target, vendor);
    return followed.ok && followed.follow === 'source';
  });
  if (!away) return [];
  const { name } = donor.host;
  return [
    judging(donor).refuse(
      `${name} has no GTID (gtid_mode): where ${data} of it stands in the log of its source is not known`,
      '--follow donor, or copy files of a snapshot (--method lvm)',
    ),
  ];
}
