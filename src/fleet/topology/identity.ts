// Which host of the inventory is meant by a server that another host names: by uuid, address, name or server id. Pure.
import type { HostPicture } from '../picture.ts';

/** A server as its source or its replica names it. Unknown fields are absent. */
export interface NamedServer {
  readonly host: string;
  readonly port?: number;
  readonly uuid?: string;
  readonly serverId?: number;
}

/**
 * Finds the host of the inventory that the host `of` names. Never `of` itself; undefined where none fits, or several
 * fit equally well.
 */
export type Recognise = (named: NamedServer, of: HostPicture) => HostPicture | undefined;

const defaultPort = 3306;
const loopback = /^(?:localhost|127\.[\d.]+|::1)$/i;

/** Each machine has these addresses for itself, so they identify no host. */
export const isLoopback = (host: string): boolean => loopback.test(host);

export function recogniser(hosts: readonly HostPicture[]): Recognise {
  const known = new Map<string, Set<HostPicture>>();
  for (const host of hosts) {
    for (const sign of signsOf(host)) known.set(sign, (known.get(sign) ?? new Set()).add(host));
  }
  return (named, of) => {
    for (const { sign, samePort } of signsLookedFor(named, of)) {
      const fitting = [...(known.get(sign) ?? [])].filter((host) => host !== of && (!samePort || fits(named, host)));
      if (fitting.length === 1) return fitting[0];
    }
    return undefined;
  };
}

/** Every sign by which a host can be recognised. */
function signsOf({ host, remembered, report }: HostPicture): string[] {
  const { server } = remembered;
  const system = report.system?.ok ? report.system.value.hostname : undefined;
  const names = [host.ssh.host, host.name, server?.hostname, system].filter((name) => name !== undefined);
  const signs = names.filter((name) => !isLoopback(name)).flatMap((name) => [nameSign(name), shortSign(name)]);
  if (server) signs.push(idSign(host.cluster, server.serverId));
  if (server?.serverUuid) signs.push(uuidSign(server.serverUuid));
  return signs;
}

/**
 * The signs, from the surest to the least sure. A server id is unique within one replication topology only, so it is
 * compared within the cluster of the host that names it. It is the only sign left where the replicas have a network of
 * their own.
 */
function signsLookedFor({ host, uuid, serverId }: NamedServer, of: HostPicture) {
  const signs: { readonly sign: string; readonly samePort: boolean }[] = [];
  if (uuid) signs.push({ sign: uuidSign(uuid), samePort: false });
  if (host && !isLoopback(host)) {
    signs.push({ sign: nameSign(host), samePort: true }, { sign: shortSign(host), samePort: true });
  }
  // A replica has 0 here until it has connected to its source.
  if (serverId) signs.push({ sign: idSign(of.host.cluster, serverId), samePort: true });
  return signs;
}

const uuidSign = (uuid: string) => `uuid ${uuid.toLowerCase()}`;
const idSign = (cluster: string | undefined, serverId: number) => `id ${cluster ?? ''}\n${serverId}`;
const plain = (name: string) => name.toLowerCase().replace(/\.$/, '');
const nameSign = (name: string) => `name ${plain(name)}`;
/** `db1` and `db1.example.com` may be one host; the parts of an address mean nothing alone. */
const shortSign = (name: string) => (isAddress(name) ? nameSign(name) : `short ${plain(name).split('.')[0]}`);
export const isAddress = (name: string): boolean => /^[\d.]+$|:/.test(name);

function fits({ port }: NamedServer, { remembered, report }: HostPicture): boolean {
  const config = report.config?.ok ? report.config.value.port : undefined;
  const own = remembered.server?.port ?? config;
  // A host that never told its port may be the one.
  return own === undefined || own === (port ?? defaultPort);
}
