// Whether a target has old data that the donor's can be compared with.
import { shortSize } from '../../../text/amounts.ts';
import { type Finding, judging } from '../../preflight/finding.ts';
import { sameSeries, versionOf } from '../../preflight/identity/versions.ts';
import { takesOld } from '../../preflight/room.ts';
import type { SeedRequest, Side } from '../../request.ts';
import type { SeedMethod } from '../method.ts';

/** `read`: the method that copies everything from the same donor. */
export function basisChecks(request: SeedRequest, read: Pick<SeedMethod, 'name'>): Finding[] {
  const { donor, targets } = request;
  const whole = `--method ${read.name} copies everything`;
  return [
    ...[donor, ...targets].flatMap((side) => perlChecks(side, whole)),
    ...targets.flatMap((target) => [...seriesChecks(donor, target, whole), ...oldChecks(request, target, whole)]),
  ];
}

function perlChecks(side: Side, whole: string): Finding[] {
  if (side.facts.tools.includes('perl')) return [];
  return [
    judging(side).refuse(
      `${side.host.name} has no perl, which compares the pages`,
      `install it: perl-base (Debian, Ubuntu), perl-interpreter (RHEL); or ${whole}`,
    ),
  ];
}

/** A server of another series has another form of most system tables, and may have changed pages when it upgraded. */
function seriesChecks(donor: Side, target: Side, whole: string): Finding[] {
  const [given, taken] = [versionOf(donor), versionOf(target)];
  // An unknown version, and another vendor, which has no method at all, are refused elsewhere.
  if (!given || !taken || given.vendor !== taken.vendor || sameSeries(given, taken)) return [];
  return [
    judging(target).refuse(
      `its old data is of ${taken.text}, and that of ${donor.host.name} of ${given.text}: pages of another series are not compared`,
      whole,
    ),
  ];
}

function oldChecks(request: SeedRequest, target: Side, whole: string): Finding[] {
  const { pass, refuse } = judging(target);
  const { dataBytes } = target.facts;
  if (dataBytes === undefined || dataBytes === 0) {
    return [refuse(`${target.host.name} has no old data to compare with`, whole)];
  }
  if (takesOld(request, target)) {
    return [
      pass(
        `${shortSize(dataBytes)} of old data to compare with: only what differs in its pages is sent, and its files become those of the new: nothing of it is left for an undo`,
      ),
    ];
  }
  return [
    pass(
      `${shortSize(dataBytes)} of old data to compare with: only what differs in its pages is sent, and it is deleted last`,
    ),
    pass(`the new data lies beside it: ${sharedWords(target)}`),
  ];
}

/** Whether a file system was made so that it can (reflink), it does not tell without being written to: the room is checked as without. */
function sharedWords({ report: { disk } }: Side): string {
  const fileSystem = disk?.ok ? disk.value.fileSystem : '';
  return ['xfs', 'btrfs', 'bcachefs', 'ocfs2'].includes(fileSystem)
    ? `what is equal in both is kept once, where ${fileSystem} can (reflink); room is needed for all`
    : 'room is needed for all of both';
}
