// The output of `ansible-inventory --list` and dynamic inventories: JSON, groups with lists of names, and
// `_meta.hostvars` (docs.ansible.com, "Developing dynamic inventory"). JSON is YAML, so it comes as a tree with places.
import { type Complain, quoted } from '../problem.ts';
import { described, type Entry, entriesOf, entryAt, type Tree } from '../reading/tree.ts';
import { type AnsibleInventory, addHost, emptyInventory, groupNamed, setVariable, type Variables } from './groups.ts';

/** Whether a tree is such output: it has `_meta`, or a group whose hosts are a list. */
export function isAnsibleList(root: Tree): boolean {
  if (entryAt(root, '_meta')) return true;
  if (entryAt(root, 'clusters') || entryAt(root, 'defaults')) return false;
  return entriesOf(root).some(({ value }) => entryAt(value, 'hosts')?.value.kind === 'list');
}

export function readAnsibleList(root: Tree, complain: Complain): AnsibleInventory {
  const inventory = emptyInventory();
  for (const group of entriesOf(root)) if (group.key !== '_meta') readGroup(group, inventory, complain);
  for (const { key, value } of entriesOf(entryAt(root, '_meta', 'hostvars')?.value)) {
    const variables = inventory.hosts.get(key)?.variables;
    if (variables) setVariables(value, variables);
  }
  return inventory;
}

/** `"shop": ["db1"]` is short for `"shop": {"hosts": ["db1"]}`. */
function readGroup({ key: name, at, value }: Entry, inventory: AnsibleInventory, complain: Complain): void {
  const group = groupNamed(inventory, name, at);
  if (value.kind === 'text') complain(value.at, `group ${quoted(name)} is ${described(value)}`, 'write a map here');
  const hosts = value.kind === 'list' ? value : entryAt(value, 'hosts')?.value;
  for (const host of namesIn(hosts, `hosts of group ${quoted(name)}`, complain)) {
    addHost(inventory, host.text, host.at, name, complain);
  }
  for (const child of namesIn(entryAt(value, 'children')?.value, `children of group ${quoted(name)}`, complain)) {
    group.children.set(child.text, child.at);
  }
  setVariables(entryAt(value, 'vars')?.value, group.variables);
}

function namesIn(tree: Tree | undefined, what: string, complain: Complain) {
  if (tree === undefined || tree.kind === 'unset') return [];
  const items = tree.kind === 'list' ? tree.items : [tree];
  const names = items.filter((item) => item.kind === 'text');
  const other = tree.kind === 'list' ? items.find((item) => item.kind !== 'text') : tree;
  if (other) complain(other.at, `${what}: here is ${described(other)}`, 'write a list of names here');
  return names;
}

function setVariables(tree: Tree | undefined, variables: Variables): void {
  for (const { key, value } of entriesOf(tree)) setVariable(variables, key, value);
}
