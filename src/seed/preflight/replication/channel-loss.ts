// A donor that replicates by several channels. A target has one source: what the donor gets by another channel, the
// target has up to the snapshot, and not after it, with no error and no lag. Pure.
import type { ReplicationChannel } from '../../../host/facts.ts';
import { endingOf } from '../../ending.ts';
import { whomToFollow } from '../../replica/source/followed.ts';
import type { SeedRequest, Side } from '../../request.ts';
import { type Finding, judging } from '../finding.ts';
import { versionOf } from '../identity/versions.ts';

const channelsOf = ({ report: { replication } }: Side) => (replication?.ok ? replication.value.channels : []);

const isSame = (one: ReplicationChannel, other: ReplicationChannel) =>
  (one.sourceUuid !== undefined && one.sourceUuid === other.sourceUuid) ||
  (one.sourceHost === other.sourceHost && one.sourcePort === other.sourcePort);

const nameOf = ({ name, sourceHost, sourcePort }: ReplicationChannel) =>
  `${name || 'default'} from ${sourceHost}:${sourcePort}`;

/** The donor's channels whose sources the target will not replicate from after the seed. */
function lostTo(request: SeedRequest, target: Side): ReplicationChannel[] {
  const channels = channelsOf(request.donor);
  if (!endingOf(request).catchesUp || !request.method.donorRuns || channels.length < 2) return [];
  const running = versionOf(request.donor);
  const followed = running && whomToFollow(request, target, running.vendor);
  if (!followed?.ok || followed.follow === 'donor') return [];
  const { host, port } = followed.source;
  return channels.filter(
    (channel) =>
      !(channel.sourceHost === host && channel.sourcePort === port) &&
      !channelsOf(target).some((kept) => isSame(kept, channel)),
  );
}

export function channelLossChecks(request: SeedRequest): Finding[] {
  const lost = new Map(
    request.targets.flatMap((target) => lostTo(request, target)).map((channel) => [nameOf(channel), channel]),
  );
  return [...lost.keys()].map((name) =>
    judging(request.donor).warn(
      `it also replicates by channel ${name}, and a target that does not has none of what comes after the copied data`,
      'set that channel up on the target after the seed, or --follow donor',
    ),
  );
}

/** For above the prompt. */
export function channelSentences(request: SeedRequest): string[] {
  return request.targets.flatMap((target) =>
    lostTo(request, target).map(
      (channel) =>
        `${target.host.name} will not get what ${request.donor.host.name} gets by channel ${nameOf(channel)} after the copied data`,
    ),
  );
}
