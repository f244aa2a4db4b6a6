// The text of a first inventory, from the servers that an operator named and those that were found by them. Pure.
import { Document, isMap, parse } from 'yaml';

/** What is written below `hosts:`, by the name of the host. */
export type Entries = ReadonlyMap<string, Entry>;

export interface Entry {
  readonly cluster?: string;
  readonly datacenter?: string;
  readonly ssh?: Readonly<Record<string, string | number>>;
}

/** What all hosts share, as in the inventory; undefined: its default. */
export interface Login {
  readonly sudo: boolean | undefined;
  readonly ssh: Readonly<Record<'user' | 'identity' | 'knownHosts' | 'jump', string | undefined>>;
}

/** An entry for an address that was typed: its name is the first label of it, or the whole of an IP address. */
export function namedEntry(address: string, cluster: string): readonly [name: string, entry: Entry] {
  const name = /^[\d.]+$|:/.test(address) ? address : (address.split('.')[0] ?? address);
  return [name, { cluster, ...(name !== address && { ssh: { host: address } }) }];
}

/** The lines of a discovered server (fleet/topology/discovery.ts), as an entry. `names`: those that are taken. */
export function foundEntry(lines: string, names: Entries): readonly [name: string, entry: Entry] | undefined {
  const read: unknown = parse(lines);
  const [found] = Object.entries(read as Record<string, Entry>);
  return found && !names.has(found[0]) ? found : undefined;
}

/** `about`: a comment above a host, by its name. */
export function firstInventory(entries: Entries, login: Login, about: ReadonlyMap<string, string> = new Map()): string {
  const clusters = [...new Set([...entries.values()].flatMap(({ cluster }) => cluster ?? []))];
  const ssh = Object.fromEntries(Object.entries(login.ssh).filter(([, value]) => value !== undefined));
  const defaults = {
    ...(Object.keys(ssh).length > 0 && { ssh }),
    ...(login.sudo !== undefined && { sudo: login.sudo }),
  };
  const document = new Document({
    readOnly: true,
    ...(Object.keys(defaults).length > 0 && { defaults }),
    clusters: Object.fromEntries(clusters.map((name) => [name, {}])),
    hosts: Object.fromEntries(entries),
  });
  document.commentBefore =
    ' Written by reseed init. All settings: docs/inventory.md of reseed. Nothing can be changed on these hosts while\n readOnly is true: take it out once `reseed check` is content. A datacenter for each host lets near donors be proposed.';
  const hosts = document.get('hosts', true);
  for (const pair of isMap(hosts) ? hosts.items : []) {
    const comment = about.get(String(pair.key));
    if (isMap(pair.value)) pair.value.flow = true;
    if (comment !== undefined && isMap(pair.value)) pair.value.comment = ` ${comment}`;
  }
  return document.toString({ lineWidth: 0 });
}
