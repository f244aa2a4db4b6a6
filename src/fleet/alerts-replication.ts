// What is wrong with the replication of a host. Pure.
import type { HostReport, ReplicationChannel } from '../host/facts.ts';
import { shortDuration } from '../text/amounts.ts';
import type { Alert } from './picture.ts';
import { thresholds } from './thresholds.ts';

export function replicationAlerts({ replication }: HostReport): Alert[] {
  return replication?.ok ? replication.value.channels.flatMap(channelAlerts) : [];
}

function channelAlerts(channel: ReplicationChannel): Alert[] {
  const { name, ioThread, sqlThread, error, lagSeconds } = channel;
  const of = name === '' ? 'replication' : `replication channel ${name}`;
  const source = `${channel.sourceHost}:${channel.sourcePort}`;
  if (ioThread === 'connecting') {
    const text = `${of}: no connection to ${source}${error ? `: ${error}` : ''}`;
    return [{ kind: 'replicationBroken', level: 'critical', text }];
  }
  const stopped = [...(ioThread === 'stopped' ? ['receiver'] : []), ...(sqlThread === 'stopped' ? ['applier'] : [])];
  if (stopped.length > 0 && error) {
    return [{ kind: 'replicationBroken', level: 'critical', text: `${of} broken: ${error}` }];
  }
  if (stopped.length > 0) {
    // Without an error somebody has stopped it, and knows.
    const text = `${of} from ${source} is stopped (${stopped.join(' and ')})`;
    return [{ kind: 'replicationStopped', level: 'warning', text }];
  }
  if (lagSeconds === undefined || lagSeconds <= thresholds.lagSeconds) return [];
  const text = `${of} lags ${shortDuration(lagSeconds * 1000)} behind ${source}`;
  return [{ kind: 'replicationLag', level: 'warning', text }];
}
