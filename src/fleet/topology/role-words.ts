// A host's role in replication, in words for a plan, from the host's own report. Pure.
import type { HostReport, ReplicationChannel } from '../../host/facts.ts';
import { present } from '../../host/known.ts';
import { loopText, whySilent } from '../../host/log/stop-reason.ts';
import { withPort } from '../../text/address.ts';
import { shortDuration } from '../../text/amounts.ts';
import { lagOf, stoppedWord } from './lag.ts';

/** The inventory's name of a server that another one names. Undefined: none fits, or more than one. */
export type NameOf = (server: {
  readonly host: string;
  readonly port?: number;
  readonly uuid?: string;
}) => string | undefined;

/** `primary, source of db2:3306, takes writes`; `replica of db1 (10.77.0.11:3306), 0 s behind, read-only`. */
export function roleWords(report: HostReport, nameOf: NameOf = () => undefined): string {
  const { server, replication } = report;
  if (!replication?.ok) return `role unknown: ${loopText(report) ?? whySilent(report)}`;
  const { channels, replicas, replicasUnknown } = replication.value;
  const names = replicas.map((replica) => namedServer(nameOf, replica)).join(', ');
  const sourceOf = ({ sourceHost, sourcePort, sourceUuid }: ReplicationChannel) =>
    namedServer(nameOf, { host: sourceHost, port: sourcePort, ...present('uuid', sourceUuid) });
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
    replicas.length === 0 && (replicasUnknown === undefined ? 'no replica connected' : 'its replicas are unknown'),
    writes,
  ]
    .filter((words) => words)
    .join(', ');
}

/** `db1 (10.77.0.11:3306)`; the address alone where the inventory has no name for it. */
export function namedServer(nameOf: NameOf, server: Parameters<NameOf>[0]): string {
  const { host, port } = server;
  const address = port === undefined ? host : withPort(host, port);
  const name = nameOf(server);
  return name === undefined || name === host ? address : `${name} (${address})`;
}

function lagWords(replication: Parameters<typeof lagOf>[0]): string {
  const seconds = lagOf(replication);
  if (seconds === undefined) return 'lag unknown';
  return Number.isFinite(seconds)
    ? `${shortDuration(seconds * 1000)} behind`
    : `replication ${stoppedWord(replication)}`;
}
