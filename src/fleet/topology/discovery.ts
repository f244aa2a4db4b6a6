// Servers that a host of the inventory names and that are not in the inventory, with the lines that would add them.
// Pure.
import { Document, isMap } from 'yaml';
import type { DiscoveredServer, HostPicture } from '../picture.ts';
import { isAddress, isLoopback, type NamedServer } from './identity.ts';

/** A server that was not recognised. */
export interface Stranger {
  readonly named: NamedServer;
  readonly relation: DiscoveredServer['relation'];
  readonly of: HostPicture;
}

/** One entry a server, however many hosts name it. `names`: the names that the inventory uses already. */
export function discoveredFrom(strangers: readonly Stranger[], names: ReadonlySet<string>): DiscoveredServer[] {
  const found = new Map<string, DiscoveredServer>();
  for (const { named, relation, of } of strangers) {
    const { host, port, uuid } = named;
    // Without an address there is nothing to add. A loopback address is a tunnel, and its other end is unknown here.
    if (host === '' || isLoopback(host)) continue;
    const key = uuid ?? `${host.toLowerCase()}:${port ?? ''}`;
    if (found.has(key)) continue;
    const yaml = linesToAdd(named, of, names);
    found.set(key, { host, ...(port !== undefined && { port }), relation, of: of.host.name, yaml });
  }
  return [...found.values()];
}

/** `db9 port 3307, replica of db1, not in hosts.yaml` */
export function discoveryText({ host, port, relation, of }: DiscoveredServer): string {
  const where = port === undefined || port === 3306 ? host : `${host} port ${port}`;
  return `${where}, ${relation} of ${of}, not in hosts.yaml`;
}

/** These lines go below `hosts:`. They assume the jump host of the host that names it; the cluster is certainly the same. */
function linesToAdd({ host, port }: NamedServer, of: HostPicture, names: ReadonlySet<string>): string {
  const { cluster, ssh } = of.host;
  const jump = ssh.jump && (ssh.jump.kind === 'inventory' ? ssh.jump.host : ssh.jump.destination);
  const entry = {
    ...(cluster !== undefined && { cluster }),
    ssh: { host, ...(jump !== undefined && { jump }) },
  };
  const name = freeName(host, port, names);
  const document = new Document({ [name]: entry });
  const address = document.getIn([name, 'ssh'], true);
  if (isMap(address)) address.flow = true;
  return document.toString({ lineWidth: 0 }).trimEnd().replaceAll(/^/gm, '  ');
}

/** The first label of a name, or a whole address. Where that name is taken, the port is added: a second server there. */
function freeName(host: string, port: number | undefined, names: ReadonlySet<string>): string {
  const short = isAddress(host) ? host : (host.split('.')[0] ?? host);
  // A replica may report any text as its host, and the inventory does not accept every text as a name.
  const plain = short.replaceAll('/', '_').replace(/^-+/, '');
  const name = ['', '.', '..', '__proto__'].includes(plain) ? 'new-host' : plain;
  return names.has(name) ? `${name}-${port ?? 3306}` : name;
}
