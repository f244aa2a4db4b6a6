// The host of the inventory that a replica replicates from: by the address that the replica names, or by what the servers of its cluster tell of themselves.
import type { Host, Inventory } from '../../inventory/settings.ts';
import { type Asked, askTheseHosts } from '../hosts/ask.ts';

interface Asking {
  readonly deadlineMs: number;
  readonly signal: AbortSignal;
}

/** `named`: by the operator. undefined: none, none that answers, or several fit. */
export async function askSource(
  replica: Asked,
  named: string | undefined,
  { deadlineMs, signal }: Asking,
): Promise<Asked | undefined> {
  const { inventory } = replica;
  const ask = async (hosts: readonly Host[]) =>
    hosts.length === 0
      ? []
      : (await askTheseHosts(inventory, hosts, { deadlineMs, signal, onHeard: () => undefined })).asked;
  if (named !== undefined) return (await ask(inventory.hosts.filter(({ name }) => name === named)))[0];
  const { addressed, others } = candidates(replica, inventory);
  const first = await ask(addressed);
  return sourceAmong(replica, first) ?? sourceAmong(replica, [...first, ...(await ask(others))]);
}

/** Pure. */
export function candidates(
  { host, report: { replication } }: Pick<Asked, 'host' | 'report'>,
  { hosts }: Pick<Inventory, 'hosts'>,
) {
  const channel = replication?.ok ? replication.value.channels[0] : undefined;
  const rest = hosts.filter(({ name }) => name !== host.name);
  const isAddressed = ({ name, ssh }: Host) => channel !== undefined && [name, ssh.host].includes(channel.sourceHost);
  const addressed = rest.filter(isAddressed);
  const others = rest.filter((one) => !isAddressed(one) && one.cluster === host.cluster);
  return { addressed, others: channel ? others : [] };
}

/** By its uuid, or, for a MariaDB, which has none, by its server_id and port. Pure. */
export function sourceAmong<One extends Pick<Asked, 'report'>>(
  { report: { replication } }: Pick<Asked, 'report'>,
  asked: readonly One[],
): One | undefined {
  const channel = replication?.ok ? replication.value.channels[0] : undefined;
  if (!channel) return undefined;
  const fitting = asked.filter(({ report: { server } }) => {
    if (!server?.ok) return false;
    const { serverUuid, serverId, port } = server.value;
    if (channel.sourceUuid !== undefined && serverUuid !== undefined)
      return channel.sourceUuid.toLowerCase() === serverUuid.toLowerCase();
    return channel.sourceServerId === serverId && port === channel.sourcePort;
  });
  return fitting.length === 1 ? fitting[0] : undefined;
}
