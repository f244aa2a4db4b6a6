// Which groups of an Ansible inventory are above which, and how deep each one is.
import { type Complain, quoted } from '../problem.ts';
import type { AnsibleInventory } from './groups.ts';

/** The parents of each group. A group without parents is absent: it is right below `all`. */
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

/** The groups themselves, and all groups above them; always with `all`. */
export function groupsAbove(names: Iterable<string>, parents: Parents): ReadonlySet<string> {
  const above = new Set(names);
  // The loop also visits elements that are added to the set meanwhile.
  for (const group of above) for (const parent of parents.get(group) ?? []) above.add(parent);
  return above.add('all');
}

/** How far each group is from `all`, by the longest path. If groups contain themselves, one circle is reported. */
export function groupDepths(inventory: AnsibleInventory, parents: Parents, complain: Complain): Depths {
  const { groups } = inventory;
  const depths = new Map<string, number>();
  /** How many parents of a group have no depth yet. */
  const waiting = new Map([...groups.keys()].map((name) => [name, parents.get(name)?.length ?? 0]));
  const ready = [...waiting].filter(([, count]) => count === 0).map(([name]) => name);
  // The loop also visits elements that are added to the list meanwhile.
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

/** Every remaining group has a parent that remains too, so the path up from any of them comes round. */
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
