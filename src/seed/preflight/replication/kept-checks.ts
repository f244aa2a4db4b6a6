// A target's replication settings, and whether it has them again after its seed.

import { loopWords } from '../../../host/log/stop-reason.ts';
import { withPort } from '../../../text/address.ts';
import { isAlone } from '../../ending.ts';
import { replicaPlan } from '../../replica/attachment.ts';
import { type Kept, keptText, type Setting } from '../../replica/kept/kept.ts';
import { channelText, type KeptChannel } from '../../replica/kept/kept-channels.ts';
import type { AttachPlan } from '../../replica/plan.ts';
import type { SeedRequest, Side } from '../../request.ts';
import { type Finding, judging } from '../finding.ts';
import { failoverChecks } from './failover-checks.ts';

/** MySQL refuses these beside SOURCE_AUTO_POSITION with 4014. */
const anonymous = (plan: AttachPlan | undefined, { settings }: Kept): readonly Setting[] =>
  plan === undefined || plan.position === 'file'
    ? []
    : settings.filter(({ option }) => option === 'ASSIGN_GTIDS_TO_ANONYMOUS_TRANSACTIONS');

export function keptChecks(request: SeedRequest, target: Side): Finding[] {
  const { asked } = request;
  if (!asked || isAlone(request, target)) return [];
  const plan = replicaPlan(request, target);
  const { pass, warn, refuse } = judging(target);
  const { name } = target.host;
  const kept = asked.replicas?.[name];
  if (!target.report.server?.ok && target.facts.dataBytes !== 0) {
    return [
      warn(
        `what ${name} was as a replica (delay, filters, TLS, channels) is not known and not kept: ${loopWords(target.report) ?? 'its server is down'}`,
      ),
    ];
  }
  if (kept === undefined) return [];
  if (typeof kept === 'string') {
    return [warn(`what ${name} was as a replica (delay, filters, TLS, channels) is not known and not kept: ${kept}`)];
  }
  const { filters, lost, mariadb } = kept;
  const further = stayingChannels(plan, kept);
  const byFile = plan?.position === 'file';
  const refused = further.flatMap((channel) => {
    const why = lost ?? whyLost(channel, byFile);
    if (why === undefined) return [];
    const advice = `${byFile || channel.byGtid ? '' : `SOURCE_AUTO_POSITION = 1 for it, or `}end it (${mariadb ? `STOP SLAVE and RESET SLAVE, both '${channel.name}', the second with ALL` : endWords(channel.name)}), seed, and set it up anew`;
    return [refuse(`${name} has a further channel, ${channelText(channel)}: ${why}`, advice)];
  });
  const away = unreachedSources(target, further);
  const unreadable = [...filters, ...further.flatMap((channel) => channel.filters)].filter((one) => 'unknown' in one);
  const failover = failoverChecks(target, kept, byFile);
  const all = [
    ...refused,
    ...failover.filter(({ level }) => level === 'refuse'),
    ...anonymous(plan, kept).map(({ words }) =>
      refuse(
        `${name} ${words}, and will replicate by GTID: no server does both`,
        `on ${name}: STOP REPLICA SQL_THREAD; CHANGE REPLICATION SOURCE TO ASSIGN_GTIDS_TO_ANONYMOUS_TRANSACTIONS = OFF; or seed it from a donor without GTIDs`,
      ),
    ),
    ...away.map(({ channel, error }) =>
      refuse(
        `${name} does not reach the source of its further channel ${channel}: ${error}`,
        `let it reach that source, or end the channel (${mariadb ? `STOP SLAVE and RESET SLAVE, both '${channel}', the second with ALL` : endWords(channel)})`,
      ),
    ),
    ...unreadable.map(({ words }) =>
      refuse(`${words}: its names can't be read for certain`, 'put the filter into the option files'),
    ),
  ];
  if (all.length > 0) return all;
  const channels = further.map((channel) => `; channel ${channelText(channel)}${restText(channel)}`).join('');
  return [
    ...failover,
    ...(mariadb?.using === 'no'
      ? [warn(`${name} replicates by file and position (Using_Gtid: No): after the seed it does by GTID`)]
      : []),
    ...(mariadb && mariadb.byHand.length > 0
      ? [
          warn(
            `set by hand since the start of ${name}, and set again: ${mariadb.byHand.map(({ words }) => words).join(', ')}`,
            'its option files have to say so as well, or its next start forgets it',
          ),
        ]
      : []),
    ...(mariadb && mariadb.unread.length > 0
      ? [
          warn(
            `set by hand since the start of ${name}, and not set again, for the value is not understood: ${mariadb.unread.join(', ')}`,
            'note it down, and set it again after the seed',
          ),
        ]
      : []),
    pass(`stays as a replica what it is: ${keptText(kept) || 'all as by default'}${channels}`),
  ];
}

/** A replica of a set has the one channel to its primary. */
const stayingChannels = (plan: AttachPlan | undefined, { further }: Kept) => (plan?.source.isTarget ? [] : further);

/** The target's own report: the job would notice this only when the channel starts on the new data. */
function unreachedSources({ report: { replication } }: Side, further: readonly KeptChannel[]) {
  const live = replication?.ok ? replication.value.channels : [];
  return further.flatMap(({ name }) => {
    const channel = live.find((one) => one.name === name);
    return channel?.ioThread === 'connecting' && channel.ioError
      ? [{ channel: name, error: `${withPort(channel.sourceHost, channel.sourcePort)}: ${channel.ioError}` }]
      : [];
  });
}

/** A channel continues with what its source has and the donor's data lacks: only GTIDs tell what that is. */
function whyLost({ byGtid }: KeptChannel, byFile: boolean): string | undefined {
  if (byFile) return 'the donor has no GTIDs, and its data does not tell what this channel has brought';
  return byGtid ? undefined : 'it goes on by file and position, and the data does not tell where that is';
}

const restText = ({ receives, applies }: KeptChannel): string => {
  if (receives && applies) return '';
  return receives || applies ? `, its ${receives ? 'applier' : 'receiver'} stopped` : ', stopped';
};

/** The statements that remove a further channel. */
export const endWords = (channel: string): string =>
  `STOP REPLICA and RESET REPLICA ALL, both FOR CHANNEL '${channel}'`;
