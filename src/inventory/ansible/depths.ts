// Which groups of an Ansible inventory are above which, and how deep each of them lies.
import { type Complain, quoted } from '../problem.ts';
import type { AnsibleInventory } from './groups.ts';

/** By group; of groups that are nowhere a child, nothing: they are right below `all`. */
export type Parents = ReadonlyMap<string, readonly string[]>;
/** `all` is 0. */
export type Depths = ReadonlyMap<string, number>;

export function parentsOf({ groups }: AnsibleInventory): Parents {
  const parents = new Map<string, string[]>();
  for (const [name, { children }] of groups) {
    for (const child of children.keys()) {
      const known = parents.get(child);
      if (known) known.push(name);
      else parents.set(child, [name]);
    }
  }
  return parents;
}

/** The groups themselves, and everything that they are below; `all` always. */
export function groupsAbove(names: Iterable<string>, parents: Parents): ReadonlySet<string> {
  const above = new Set(names);
  // A set hands out what is added while it is walked.
  for (const group of above) for (const parent of parents.get(group) ?? []) above.add(parent);
  return above.add('all');
}

/** How far each group is from `all`, by its longest way. Of groups that are below themselves one circle is reported. */
export function groupDepths(inventory: AnsibleInventory, parents: Parents, complain: Complain): Depths {
  const { groups } = inventory;
  const depths = new Map<string, number>();
  /** How many parents of a group have no depth yet. */
  const waiting = new Map([...groups.keys()].map((name) => [name, parents.get(name)?.length ?? 0]));
  const ready = [...waiting].filter(([, count]) => count === 0).map(([name]) => name);
  // The list grows while it is walked.
  for (const name of ready) {
    waiting.delete(name);
    const depth = name === 'all' ? 0 : Math.max(1, depths.get(name) ?? 0);
    depths.set(name, depth);
    // A child that no section defines is reported elsewhere.
    for (const child of [...(groups.get(name)?.children.keys() ?? [])].filter((group) => waiting.has(group))) {
      depths.set(child, Math.max(depths.get(child) ?? 0, depth + 1));
      const left = (waiting.get(child) ?? 0) - 1;
      waiting.set(child, left);
      if (left === 0) ready.push(child);
    }
  }
  reportCircle(inventory, waiting, parents, complain);
  return depths;
}

/** Every group that still waits has a parent that does, so the way up from any of them comes round. */
function reportCircle(
  { groups }: AnsibleInventory,
  waiting: ReadonlyMap<string, number>,
  parents: Parents,
  complain: Complain,
): void {
  let [at] = waiting.keys();
  const way = new Set<string>();
  while (at !== undefined && !way.has(at)) {
    way.add(at);
    at = parents.get(at)?.find((parent) => waiting.has(parent));
  }
  if (at === undefined) return;
  const circle = [...way].slice([...way].indexOf(at)).reverse();
  const shown = [at, ...circle].join(' -> ');
  complain(groups.get(at)?.at, `group ${quoted(at)} is below itself: ${shown}`, 'take one of them out of the other');
}
