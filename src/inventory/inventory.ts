// The inventory: which hosts there are, how each is reached, and what the operator wants done with it.
//
// Lives here: the file's format (settings.ts, schema.ts, values.ts, paths.ts), how its text is read (parse.ts, yaml.ts,
// tree.ts), how its parts are checked and laid over one another (check.ts, reseed.ts, host.ts, references.ts), how the
// inventories of Ansible become the same (ansible/), and where the file is looked for (search.ts; load.ts and
// beside.ts alone touch the disk). One reading finds every mistake, each with line, column and what to write instead.
//
// Does not live here: anything that asks a host, a name server or ssh. Whether an address answers, a key opens or a
// volume exists is for remote, host and the preflight. What an absent setting comes to is for the code that uses it.
//
// The way of a file: text -> tree with places -> (Ansible's: groups -> the same tree) -> checked settings -> hosts.
// Other rooms import this file only.

export { formatProblem } from './problem.ts';
export { loadInventory } from './reading/load.ts';
export { type InventoryResult, parseInventory } from './reading/parse.ts';
export { inventoryCandidates } from './reading/search.ts';
export type * from './settings.ts';
