// What a host is in its replication, in words for a plan: from what the host says of itself. Pure.
import type { HostReport, ReplicationChannel } from '../host/facts.ts';
import { loopText, whySilent } from '../host/stop-reason.ts';
import { withPort } from '../text/address.ts';
import { shortDuration } from '../text/amounts.ts';
import { lagOf, stoppedWord } from './lag.ts';

/** `primary, source of db2:3306, takes writes`; `replica of db1:3306, 0 s behind, read-only`. */
export function roleWords(report: HostReport): string {
  const { server, replication } = report;
  if (!replication?.ok) return `role unknown: ${loopText(report) ?? whySilent(report)}`;
  const { channels, replicas, replicasUnknown } = replication.value;
  const names = replicas.map(({ host, port }) => (port === undefined ? host : withPort(host, port))).join(', ');
  const isReplica = channels.length > 0;
  const writes = server?.ok ? (server.value.readOnly ? 'read-only' : 'takes writes') : undefined;
  return [
    isReplica
      ? `replica of ${channels.map(sourceOf).join(', ')}`
      : replicas.length > 0
        ? 'primary'
        : 'replicates from no host',
    isReplica && lagWords(replication.value),
    replicas.length > 0 && `source of ${names}`,
    replicas.length === 0 && (replicasUnknown === undefined ? 'no replicas' : 'its replicas are unknown'),
    writes,
  ]
    .filter((words) => words)
    .join(', ');
}

const sourceOf = ({ sourceHost, sourcePort }: ReplicationChannel) => withPort(sourceHost, sourcePort);

function lagWords(replication: Parameters<typeof lagOf>[0]): string {
  const seconds = lagOf(replication);
  if (seconds === undefined) return 'lag unknown';
  return Number.isFinite(seconds)
    ? `${shortDuration(seconds * 1000)} behind`
    : `replication ${stoppedWord(replication)}`;
}
