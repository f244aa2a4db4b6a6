// Ansible's YAML inventory: groups with hosts, children and vars, read from a tree (docs.ansible.com, yaml inventory).
import { nearest } from '../nearest.ts';
import { type Complain, quoted } from '../problem.ts';
import { described, type Entry, entriesOf, entryAt, type Tree } from '../reading/tree.ts';
import { type AnsibleInventory, addHosts, emptyInventory, groupNamed, setVariable, type Variables } from './groups.ts';

const groupKeys = ['hosts', 'children', 'vars'];
const reseedKeys = ['fleet', 'defaults', 'clusters', 'hosts'];

/** Whether a file is Ansible's: it has `all`, or any group with hosts or children, and no key of reseed's own format. */
export function isAnsibleYaml(root: Tree): boolean {
  if (reseedKeys.some((key) => entryAt(root, key))) return false;
  const isGroup = ({ value }: Entry) =>
    entryAt(value, 'hosts') !== undefined || entryAt(value, 'children') !== undefined;
  return entryAt(root, 'all') !== undefined || entriesOf(root).some(isGroup);
}

export function readAnsibleYaml(root: Tree, complain: Complain): AnsibleInventory {
  const inventory = emptyInventory();
  for (const group of entriesOf(root)) readGroup(group, inventory, complain);
  return inventory;
}

function readGroup({ key: name, at, value }: Entry, inventory: AnsibleInventory, complain: Complain): void {
  const group = groupNamed(inventory, name, at);
  const entries = mapEntries(value, `group ${quoted(name)}`, complain);
  for (const { key, at: place } of entries.filter((entry) => !groupKeys.includes(entry.key))) {
    const near = nearest(key, groupKeys);
    const instead = near === undefined ? `write one of ${groupKeys.join(', ')}` : `did you mean ${near}?`;
    complain(place, `unknown key ${quoted(key)} in group ${quoted(name)}`, instead);
  }
  const below = (key: string) => {
    const part = entries.find((entry) => entry.key === key)?.value;
    return part ? mapEntries(part, `${key} of group ${quoted(name)}`, complain) : [];
  };
  readVariables(below('vars'), group.variables);
  for (const host of below('hosts')) readHost(host, name, inventory, complain);
  for (const child of below('children')) {
    group.children.set(child.key, child.at);
    readGroup(child, inventory, complain);
  }
}

function readHost(host: Entry, group: string, inventory: AnsibleInventory, complain: Complain): void {
  const settings = mapEntries(host.value, `host ${quoted(host.key)}`, complain);
  for (const variables of addHosts(inventory, host.key, host.at, group, complain)) readVariables(settings, variables);
}

function readVariables(entries: readonly Entry[], variables: Variables): void {
  for (const { key, value } of entries) setVariable(variables, key, value);
}

function mapEntries(tree: Tree, what: string, complain: Complain): readonly Entry[] {
  if (tree.kind === 'text' || tree.kind === 'list') {
    complain(tree.at, `${what} is ${described(tree)}`, 'write a map here: a name, a colon, and no dash in front');
  }
  return entriesOf(tree);
}
