// What is wrong with the replication of a host. Pure.
import type { ReplicationChannel } from '../../host/facts.ts';
import { withPort } from '../../text/address.ts';
import { shortDuration } from '../../text/amounts.ts';
import type { Alert, HostPicture } from '../picture.ts';
import { thresholds } from './thresholds.ts';

export function replicationAlerts({ report: { replication }, missedPrimary }: HostPicture): Alert[] {
  if (!replication?.ok) return [];
  if (missedPrimary === undefined) return replication.value.channels.flatMap(channelAlerts);
  const text = `replicates from no host, and ${missedPrimary} is the primary of its cluster`;
  return [{ kind: 'replicationMissing', level: 'warning', text }];
}

/** `Host 'db5' is blocked because of many connection errors` (1129), after max_connect_errors. */
const blocked = /\b1129\b|is blocked because of many connection errors/i;

const adviceOn = (error: string): string =>
  blocked.test(error)
    ? '; unblock it on the source: FLUSH HOSTS (MariaDB), TRUNCATE TABLE performance_schema.host_cache (MySQL)'
    : '';

function channelAlerts(channel: ReplicationChannel): Alert[] {
  const { name, ioThread, sqlThread, error, lagSeconds } = channel;
  const of = name === '' ? 'replication' : `replication channel ${name}`;
  const source = withPort(channel.sourceHost, channel.sourcePort);
  if (ioThread === 'connecting') {
    // The source may come back by itself: nothing of this replica is broken.
    const text = `${of}: no source: no connection to ${source}${error ? `: ${error}${adviceOn(error)}` : ''}`;
    return [{ kind: 'noSource', level: 'critical', text }];
  }
  const stopped = [...(ioThread === 'stopped' ? ['receiver'] : []), ...(sqlThread === 'stopped' ? ['applier'] : [])];
  if (stopped.length > 0 && error) {
    return [{ kind: 'replicationBroken', level: 'critical', text: `${of} broken: ${error}` }];
  }
  if (stopped.length > 0) {
    // Replication without an error was stopped by an operator, who knows.
    const text = `${of} from ${source} is stopped (${stopped.join(' and ')})`;
    return [{ kind: 'replicationStopped', level: 'warning', text }];
  }
  if (lagSeconds === undefined || lagSeconds <= thresholds.lagSeconds) return [];
  const text = `${of} lags ${shortDuration(lagSeconds * 1000)} behind ${source}`;
  return [{ kind: 'replicationLag', level: 'warning', text }];
}
