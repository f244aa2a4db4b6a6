// Which hosts a receiver or a rule is for, by names, clusters and labels.
import { nearest } from './nearest.ts';
import { type Complain, quoted } from './problem.ts';
import { entryAt, type Tree } from './reading/tree.ts';
import type { Host } from './settings.ts';

export interface KnownHosts {
  /** Those whose settings have no mistakes. */
  readonly hosts: readonly Host[];
  readonly names: readonly { readonly name: string }[];
  readonly clusters: ReadonlyMap<string, unknown>;
}

interface Chosen {
  readonly hosts?: readonly string[];
  readonly clusters?: readonly string[];
  readonly labels?: Readonly<Record<string, string>>;
}

/** undefined: all. Each that is given has to fit. */
export function hostsOf({ hosts, clusters, labels = {} }: Chosen, all: readonly Host[]): readonly string[] | undefined {
  const wanted = Object.entries(labels);
  if (hosts === undefined && clusters === undefined && wanted.length === 0) return undefined;
  return all
    .filter(
      ({ name, cluster, labels: own }) =>
        (hosts === undefined || hosts.includes(name)) &&
        (clusters === undefined || (cluster !== undefined && clusters.includes(cluster))) &&
        wanted.every(([label, value]) => own[label] === value),
    )
    .map(({ name }) => name);
}

export function checkNames(tree: Tree, { names, clusters }: KnownHosts, complain: Complain): void {
  check(
    entryAt(tree, 'hosts')?.value,
    'host',
    names.map(({ name }) => name),
    complain,
  );
  check(entryAt(tree, 'clusters')?.value, 'cluster', [...clusters.keys()], complain);
}

function check(value: Tree | undefined, word: string, known: readonly string[], complain: Complain): void {
  for (const item of value?.kind === 'list' ? value.items : value ? [value] : []) {
    if (item.kind !== 'text' || known.includes(item.text)) continue;
    const near = nearest(item.text, known);
    const instead = near === undefined ? `write the name of a ${word} of this file` : `did you mean ${near}?`;
    complain(item.at, `unknown ${word} ${quoted(item.text)}`, instead);
  }
}
