// What is wrong with the replication of a host. Pure.
import type { ReplicationChannel } from '../../host/facts.ts';
import { errorBrief } from '../../host/server/error-brief.ts';
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
  const { name, ioThread, sqlThread, error, errorNumber, lagSeconds } = channel;
  const of = name === '' ? 'replication' : `replication channel ${name}`;
  const brief = error ? errorBrief(error, errorNumber) : '';
  const source = withPort(channel.sourceHost, channel.sourcePort);
  if (ioThread === 'connecting') return [noSourceAlert(channel, of, brief)];
  const stopped = [...(ioThread === 'stopped' ? ['receiver'] : []), ...(sqlThread === 'stopped' ? ['applier'] : [])];
  if (stopped.length > 0 && error) {
    // The number, the object and the cause come first: the server's sentence has them at its end.
    const text = `${brief}; ${of} is broken: ${error}`;
    return [{ kind: 'replicationBroken', level: 'critical', text, reason: brief }];
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

/** The source may come back by itself: nothing of this replica is broken. */
function noSourceAlert({ sourceHost, sourcePort, error = '' }: ReplicationChannel, of: string, brief: string): Alert {
  const source = withPort(sourceHost, sourcePort);
  const reason = brief.includes(source) ? brief : `no connection to ${source}${brief && `: ${brief}`}`;
  const whole = error === '' || reason.includes(error) ? '' : `: ${error}`;
  const text = `${reason}; ${of} has no source${whole}${adviceOn(error)}`;
  return { kind: 'noSource', level: 'critical', text, reason };
}
