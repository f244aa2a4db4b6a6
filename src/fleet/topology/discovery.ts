// Servers that a host of the inventory names and the inventory does not have, with the lines that would add them. Pure.
import { Document, isMap } from 'yaml';
import type { DiscoveredServer, HostPicture } from '../picture.ts';
import { isAddress, isLoopback, type NamedServer } from './identity.ts';

/** A server that was not recognised. */
export interface Stranger {
  readonly named: NamedServer;
  readonly relation: DiscoveredServer['relation'];
  readonly of: HostPicture;
}

/** One entry a server, however many hosts name it. `names`: those that the inventory has taken. */
export function discoveredFrom(strangers: readonly Stranger[], names: ReadonlySet<string>): DiscoveredServer[] {
  const found = new Map<string, DiscoveredServer>();
  for (const { named, relation, of } of strangers) {
    const { host, port, uuid } = named;
    // Without an address there is nothing to add; a loopback one is a tunnel, whose other end is unknown here.
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

/** Goes below `hosts:`. The way in is taken to be that of the host which names it; the cluster is the same for sure. */
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

/** The first label of a name, all of an address; with the port behind it where that is taken: a second server there. */
function freeName(host: string, port: number | undefined, names: ReadonlySet<string>): string {
  const short = isAddress(host) ? host : (host.split('.')[0] ?? host);
  // A replica may report any text as its host, and the inventory does not take any as a name.
  const plain = short.replaceAll('/', '_').replace(/^-+/, '');
  const name = ['', '.', '..', '__proto__'].includes(plain) ? 'new-host' : plain;
  return names.has(name) ? `${name}-${port ?? 3306}` : name;
}
