// An Ansible inventory as its YAML and INI readers find it: groups of groups, hosts in them, variables on both.
// Ansible's rules for joining them: docs.ansible.com, "How to build your inventory", "How variables are merged".
import type { Complain, Place } from '../problem.ts';
import type { Tree } from '../reading/tree.ts';
import { expandedHosts } from './ranges.ts';
import { isRead } from './variables.ts';

/** By name; only variables that reseed reads. */
export type Variables = Map<string, Tree>;

export interface Group {
  readonly at: Place;
  /** By name, each with the place that names it. */
  readonly children: Map<string, Place>;
  readonly variables: Variables;
}

export interface GroupedHost {
  readonly at: Place;
  /** Only groups that name the host themselves. */
  readonly groups: Set<string>;
  readonly variables: Variables;
}

/** Both in the order in which the file first names them. */
export interface AnsibleInventory {
  readonly groups: Map<string, Group>;
  readonly hosts: Map<string, GroupedHost>;
}

/** A short range can stand for more hosts than fit in memory. */
const maxHosts = 10_000;

export function emptyInventory(): AnsibleInventory {
  return { groups: new Map(), hosts: new Map() };
}

/** The group of that name; makes it at its first mention. */
export function groupNamed(inventory: AnsibleInventory, name: string, at: Place): Group {
  const known = inventory.groups.get(name);
  if (known) return known;
  const group = { at, children: new Map(), variables: new Map() };
  inventory.groups.set(name, group);
  return group;
}

/** Adds the hosts of a pattern (`db[01:03].example:2222`) to a group; returns the variables of each. */
export function addHosts(
  inventory: AnsibleInventory,
  pattern: string,
  at: Place,
  group: string,
  complain: Complain,
): readonly Variables[] {
  const expanded = expandedHosts(pattern, maxHosts - inventory.hosts.size);
  if ('what' in expanded) {
    complain(at, expanded.what, expanded.instead);
    return [];
  }
  return expanded.names.map((name) => {
    const { variables } = hostNamed(inventory, name, at, group);
    if (expanded.port !== undefined) variables.set('ansible_port', { kind: 'text', at, text: expanded.port });
    return variables;
  });
}

/** Adds a host by a name that is no pattern. */
export function addHost(inventory: AnsibleInventory, name: string, at: Place, group: string, complain: Complain): void {
  if (inventory.hosts.size >= maxHosts) complain(at, 'these are too many hosts', `write at most ${maxHosts}`);
  else hostNamed(inventory, name, at, group);
}

function hostNamed(inventory: AnsibleInventory, name: string, at: Place, group: string): GroupedHost {
  const host: GroupedHost = inventory.hosts.get(name) ?? { at, groups: new Set(), variables: new Map() };
  inventory.hosts.set(name, host);
  host.groups.add(group);
  return host;
}

/** Keeps a variable if reseed reads it: an inventory is full of others. */
export function setVariable(variables: Variables, name: string, value: Tree): void {
  if (isRead(name)) variables.set(name, value);
}
