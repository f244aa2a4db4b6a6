// An Ansible inventory -> a tree of the form of reseed's own file, with every place kept. From there on both are read
// alike.
import { type Complain, type Place, quoted } from '../problem.ts';
import { described, type Entry, type Tree } from '../reading/tree.ts';
import { type Depths, groupDepths, groupsAbove, type Parents, parentsOf } from './depths.ts';
import type { FileVariables } from './file-variables.ts';
import { vaultMark } from './foreign.ts';
import type { AnsibleInventory, GroupedHost, Variables } from './groups.ts';
import { type Meaning, readNames, readVariable } from './variables.ts';

const start: Place = { line: 1, column: 1 };

/** `note` gets settings that Ansible would follow and reseed does not. */
export interface Reports {
  readonly complain: Complain;
  readonly note: Complain;
}

/** Groups become clusters. Undefined if there is no host, which is then reported. */
export function translated(inventory: AnsibleInventory, files: FileVariables, reports: Reports): Tree | undefined {
  const { complain } = reports;
  const said = new Set<string>();
  // A password for each of 200 hosts is one note.
  const note: Complain = (at, what, instead) => {
    if (!said.has(what)) reports.note(at, what, instead);
    said.add(what);
  };
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
  const variablesOf = groupVariables(inventory, files, parents, depths);
  const hosts: Entry[] = [];
  const clusters = new Map<string, Entry>();
  for (const [name, host] of inventory.hosts) {
    const variables = new Map([...variablesOf(host), ...host.variables, ...files('host_vars', name)]);
    const settings = settingsFrom(variables, { complain, note });
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

/** The deepest of the groups that name a host; of equally deep ones, the one that the file names first. */
function innermost({ groups }: GroupedHost, inventory: AnsibleInventory, depths: Depths): string | undefined {
  let best: string | undefined;
  for (const name of inventory.groups.keys()) {
    if (!groups.has(name) || name === 'all' || name === 'ungrouped') continue;
    if (best === undefined || (depths.get(name) ?? 0) > (depths.get(best) ?? 0)) best = name;
  }
  return best;
}

/**
 * The variables that a host has from its groups. The deeper group wins; of equals the one with the higher priority,
 * then the last by name. group_vars of any group but `all` win over group variables in the inventory itself; those of
 * `all` come between (Ansible's VARIABLE_PRECEDENCE).
 */
function groupVariables(inventory: AnsibleInventory, files: FileVariables, parents: Parents, depths: Depths) {
  const known = new Map<string, Variables>();
  const own = (group: string): Variables => inventory.groups.get(group)?.variables ?? new Map<string, Tree>();
  const weight = (group: string) => [depths.get(group) ?? 0, priorityIn(own(group))] as const;
  const inOrder = (one: string, other: string) => {
    const [[depth, priority], [otherDepth, otherPriority]] = [weight(one), weight(other)];
    return depth - otherDepth || priority - otherPriority || (one < other ? -1 : 1);
  };
  return ({ groups }: GroupedHost): Variables => {
    const key = JSON.stringify([...groups]);
    const before = known.get(key);
    if (before) return before;
    const above = [...groupsAbove(groups, parents)].sort(inOrder);
    const below = above.filter((group) => group !== 'all');
    const layers = [...['all', ...below].map(own), ...['all', ...below].map((group) => files('group_vars', group))];
    const variables: Variables = new Map(layers.flatMap((layer) => [...layer]));
    known.set(key, variables);
    return variables;
  };
}

function priorityIn(variables: Variables): number {
  const value = variables.get('ansible_group_priority');
  return value?.kind === 'text' && /^\d{1,9}$/.test(value.text) ? Number(value.text) : 1;
}

/** The host's settings. Of two variables for one setting, the one later in `readNames` wins. */
function settingsFrom(variables: Variables, { complain, note }: Reports): Entry[] {
  const settings = new Map<string, Tree>();
  for (const name of readNames) {
    const value = variables.get(name);
    const meaning = value && meaningOf(name, value, complain);
    if (!meaning) continue;
    for (const { what, instead } of meaning.unused ?? []) note(value.at, `${name} ${what}`, instead);
    for (const [path, text] of Object.entries(meaning.settings ?? {})) {
      settings.set(path, { kind: 'text', at: value.at, text });
    }
  }
  const own: Entry[] = [];
  const ssh: Entry[] = [];
  for (const [path, leaf] of settings) {
    const [section = '', key] = path.split('.');
    if (key === undefined) own.push(entry(section, leaf.at, leaf));
    else ssh.push(entry(key, leaf.at, leaf));
  }
  const [first] = ssh;
  return first ? [...own, entry('ssh', first.at, map(first.at, ssh))] : own;
}

function meaningOf(name: string, value: Tree, complain: Complain): Meaning | undefined {
  const variable = readVariable(name);
  if (!variable || value.kind === 'unset') return undefined;
  if (variable.anyValue) return variable.meaning('');
  if (value.kind !== 'text') {
    complain(value.at, `${name} is ${described(value)}`, 'write one value here');
    return undefined;
  }
  if (value.text.startsWith(vaultMark)) {
    complain(value.at, `${name} is encrypted (Ansible Vault)`, 'write the value as it is');
    return undefined;
  }
  if (/\{\{|\{%/.test(value.text)) {
    const what = `${name} is the template ${quoted(value.text)}, which reseed does not evaluate`;
    complain(value.at, what, 'write the value');
    return undefined;
  }
  const meaning = variable.meaning(value.text);
  if (meaning.refused === undefined) return meaning;
  complain(value.at, `${name} is ${quoted(value.text)}`, meaning.refused);
  return undefined;
}

function entry(key: string, at: Place, value: Tree): Entry {
  return { key, at, value };
}

function map(at: Place, entries: readonly Entry[]): Tree {
  return { kind: 'map', at, entries };
}
