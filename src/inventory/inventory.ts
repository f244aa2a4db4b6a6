// The inventory: which hosts there are, how each is reached, and what the operator wants done with it.
//
// This room has the file's format (settings.ts, schema.ts, values.ts, paths.ts), and reads its text (parse.ts, yaml.ts,
// tree.ts). It checks the parts and merges them (check.ts, reseed.ts, host.ts, references.ts), and translates the
// inventories of Ansible (ansible/). agent/ makes lines of an inventory from a configuration of orchestrator-agent. It finds the file (search.ts); only load.ts and beside.ts touch the disk. One
// reading finds every mistake, each with line, column and what to write instead.
//
// Nothing here asks a host, a name server or ssh. Whether an address answers, a key opens or a volume exists is checked
// by remote, host and the preflight. The default of an absent setting belongs to the code that uses it.
//
// A file becomes: text -> tree with places -> (Ansible's: groups -> the same tree) -> checked settings -> hosts. Other
// rooms import this file only.

export { formatProblem } from './problem.ts';
export { loadInventory } from './reading/load.ts';
export { type InventoryResult, parseInventory } from './reading/parse.ts';
export { insideDrill, inventoryCandidates } from './reading/search.ts';
export type * from './settings.ts';
