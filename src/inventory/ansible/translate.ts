// An Ansible inventory -> the tree that reseed's own file would give, every place kept: from there on both are one.
import { type Complain, type Place, quoted } from '../problem.ts';
import { described, type Entry, type Tree } from '../tree.ts';
import { type Depths, groupDepths, groupsAbove, type Parents, parentsOf } from './depths.ts';
import type { AnsibleInventory, GroupedHost, Variables } from './groups.ts';
import { readVariable } from './variables.ts';

const start: Place = { line: 1, column: 1 };

/** Groups become clusters. Nothing once it is reported that there is no host. */
export function translated(inventory: AnsibleInventory, complain: Complain): Tree | undefined {
  if (inventory.hosts.size === 0) {
    complain(
      start,
      'no group of this Ansible inventory names a host',
      'write one, as in db1 with ansible_host 10.0.0.11',
    );
    return undefined;
  }
  const parents = parentsOf(inventory);
  const depths = groupDepths(inventory, parents, complain);
  const variablesOf = groupVariables(inventory, parents, depths);
  const hosts: Entry[] = [];
  const clusters = new Map<string, Entry>();
  for (const [name, host] of inventory.hosts) {
    const settings = settingsFrom(new Map([...variablesOf(host), ...host.variables]), complain);
    const cluster = innermost(host, inventory, depths);
    if (cluster !== undefined) {
      settings.push(entry('cluster', host.at, { kind: 'text', at: host.at, text: cluster }));
      clusters.set(cluster, entry(cluster, host.at, { kind: 'unset', at: host.at }));
    }
    hosts.push(entry(name, host.at, map(host.at, settings)));
  }
  return map(start, [
    entry('clusters', start, map(start, [...clusters.values()])),
    entry('hosts', start, map(start, hosts)),
  ]);
}

/** The deepest of the groups that name a host, of several the one that the file names first. */
function innermost({ groups }: GroupedHost, inventory: AnsibleInventory, depths: Depths): string | undefined {
  let best: string | undefined;
  for (const name of inventory.groups.keys()) {
    if (!groups.has(name) || name === 'all' || name === 'ungrouped') continue;
    if (best === undefined || (depths.get(name) ?? 0) > (depths.get(best) ?? 0)) best = name;
  }
  return best;
}

/** What a host has from its groups: the deeper group wins, of equals the one that sorts last, as in Ansible. */
function groupVariables(inventory: AnsibleInventory, parents: Parents, depths: Depths) {
  const known = new Map<string, Variables>();
  return ({ groups }: GroupedHost): Variables => {
    const key = JSON.stringify([...groups]);
    const variables = known.get(key) ?? new Map<string, Tree>();
    if (known.has(key)) return variables;
    const above = groupsAbove(groups, parents);
    const depth = (name: string) => depths.get(name) ?? 0;
    for (const name of [...above].sort((a, b) => depth(a) - depth(b) || (a < b ? -1 : 1))) {
      for (const [variable, value] of inventory.groups.get(name)?.variables ?? []) variables.set(variable, value);
    }
    known.set(key, variables);
    return variables;
  };
}

function settingsFrom(variables: Variables, complain: Complain): Entry[] {
  const own: Entry[] = [];
  const ssh: Entry[] = [];
  for (const [name, value] of variables) {
    const text = settingText(name, value, complain);
    const [section, key] = readVariable(name)?.setting ?? [];
    if (text === undefined || section === undefined) continue;
    const leaf: Tree = { kind: 'text', at: value.at, text };
    if (key === undefined) own.push(entry(section, value.at, leaf));
    else ssh.push(entry(key, value.at, leaf));
  }
  const [first] = ssh;
  return first ? [...own, entry('ssh', first.at, map(first.at, ssh))] : own;
}

function settingText(name: string, value: Tree, complain: Complain): string | undefined {
  if (value.kind === 'unset') return undefined;
  if (value.kind !== 'text') {
    complain(value.at, `${name} is ${described(value)}`, 'write one value here');
    return undefined;
  }
  if (/\{\{|\{%/.test(value.text)) {
    complain(
      value.at,
      `${name} is the template ${quoted(value.text)}, which reseed does not evaluate`,
      'write the value',
    );
    return undefined;
  }
  const text = readVariable(name)?.translate(value.text);
  if (typeof text !== 'object') return text;
  complain(value.at, `${name} is ${quoted(value.text)}`, text.instead);
  return undefined;
}

function entry(key: string, at: Place, value: Tree): Entry {
  return { key, at, value };
}

function map(at: Place, entries: readonly Entry[]): Tree {
  return { kind: 'map', at, entries };
}
