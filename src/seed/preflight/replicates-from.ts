// Which hosts of the inventory have a channel that names a server: also those that are stopped, or away for a moment. Pure.
import { isIP } from 'node:net';
import type { ReplicationChannel, ServerFacts } from '../../host/facts.ts';
import type { OtherHost, Side } from '../request.ts';

/** Whether a channel names it, connected or not. */
export const replicatesFrom = (...words: Parameters<typeof channelsFrom>): boolean => channelsFrom(...words).length > 0;

/** The channels that name it, connected or not: by its uuid, by a name, or by an address that it has. */
export function channelsFrom(
  { report: { replication } }: Pick<OtherHost, 'report'>,
  { host, facts, report: { system } }: Side,
  server: Pick<ServerFacts, 'hostname' | 'serverUuid' | 'port'>,
): readonly ReplicationChannel[] {
  if (!replication?.ok) return [];
  const known = [host.name, host.ssh.host, server.hostname, ...(system?.ok ? [system.value.hostname] : [])];
  const names = new Set([...known, ...Object.values(facts.routes)].flatMap(formsOf));
  return replication.value.channels.filter(
    ({ sourceUuid, sourceHost, sourcePort }) =>
      (sourceUuid !== undefined && sourceUuid === server.serverUuid) ||
      (sourcePort === server.port && formsOf(sourceHost).some((form) => names.has(form))),
  );
}

/** `db1` and `db1.example.com` may be one host; the parts of an address mean nothing alone. */
function formsOf(name: string): string[] {
  const plain = name.toLowerCase().replace(/\.$/, '');
  if (plain === '' || isIP(plain) !== 0) return plain === '' ? [] : [plain];
  return [plain, plain.split('.')[0] ?? plain];
}
