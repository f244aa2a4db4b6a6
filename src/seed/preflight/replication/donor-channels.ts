// Relay logs that a target's server would make for the donor's channels, whose names are in the new data. Pure.
import { posix } from 'node:path';
import type { SeedFacts } from '../../facts.ts';
import type { Side } from '../../request.ts';
import { statePlaces } from '../../target/state-places.ts';
import { type Finding, judging } from '../finding.ts';

export const channelNames = ({ report: { replication } }: Pick<Side, 'report'>): string[] =>
  replication?.ok ? replication.value.channels.map(({ name }) => name) : [];

interface ChannelPlace {
  readonly channel: string;
  /** `relaylog=/logs/db-billing` */
  readonly words: readonly string[];
  /** Those of these places that hold files not proved to be relay logs of this server. */
  readonly taken: readonly string[];
}

/**
 * For seed-stage.sh: an undo removes such logs. Leaves out names that a server encodes in file names, names that would
 * be the target's binary logs, and every place where files exist already: the name of a channel is the donor's text.
 */
export function donorChannelWords(target: SeedFacts, channels: readonly string[]): string[] {
  if (target.unseen.includes('channels')) return [];
  return channelPlaces(target, channels).flatMap(({ words, taken }) => (taken.length === 0 ? words : []));
}

/** The names of those channels. */
export const namedChannels = (target: SeedFacts, channels: readonly string[]): string[] =>
  target.unseen.includes('channels')
    ? []
    : channelPlaces(target, channels).flatMap(({ channel, taken }) => (taken.length === 0 ? [channel] : []));

function channelPlaces(target: SeedFacts, channels: readonly string[]): ChannelPlace[] {
  const known = new Set(target.places.map(({ kind, path }) => `${kind.replace('-index', '')} ${path}`));
  const found = statePlaces(target).filter(({ fate }) => fate === 'aside');
  const logs = found.find(({ kind }) => kind === 'relaylog');
  const index = found.find(({ kind }) => kind === 'relaylog-index');
  return channels
    .map((name) => name.toLowerCase())
    .filter((name) => /^[a-z0-9_]+$/.test(name))
    .flatMap((channel) => {
      const own = logs && `${logs.path}-${channel}`;
      const { dir = '', name: stem = '', ext = '' } = index ? posix.parse(index.path) : {};
      const list = index && posix.join(dir, `${stem}-${channel}${ext}`);
      if ([own, list].some((path) => known.has(`binlog ${path}`) || known.has(`relaylog ${path}`))) return [];
      const words = [...(own ? [`relaylog=${own}`] : []), ...(list ? [`relaylog-index=${list}`] : [])];
      const taken = [own, list].filter((path) => path !== undefined && target.taken.includes(path));
      return words.length === 0 ? [] : [{ channel, words, taken: taken.flatMap((path) => path ?? []) }];
    });
}

/** Its server would take the files there for relay logs of the channel, and delete them with it. */
export function channelChecks(donor: Side, target: Side): Finding[] {
  const { unknown, refuse } = judging(target);
  const [from, here] = [donor.host.name, target.host.name];
  const places = channelPlaces(target.facts, channelNames(donor));
  const refused = places.flatMap(({ channel, taken }) =>
    taken.length === 0
      ? []
      : [
          refuse(
            `the server of ${here} would write relay logs of ${from}'s channel ${channel} where other files lie: ${taken.join(', ')}: whether these are relay logs of ${here} is unknown`,
            `move these files away, or set relay_log and relay_log_index of ${here} to names that no other log has, and restart it`,
          ),
        ],
  );
  const { unproved, unseen } = target.facts;
  const shown = [...unproved.slice(0, 3), ...(unproved.length > 3 ? [`${unproved.length - 3} more`] : [])].join(', ');
  return [
    ...refused,
    ...(unproved.length === 0
      ? []
      : [
          unknown(
            `whether these list relay logs of ${here}: unknown, their first log is empty, encrypted, not there or can't be read: ${shown}: they stay as they are`,
            'move them by hand where they are relay logs of channels of the old data',
          ),
        ]),
    ...(unseen.includes('channels')
      ? [unknown(`relay logs of channels outside the datadir of ${here}: unknown, not looked through to their end`)]
      : []),
  ];
}
