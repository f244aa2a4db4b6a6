// How the tests here read an inventory, and how they look at what came out.
import { formatProblem, type Host, type Inventory, parseInventory } from '../../src/inventory/inventory.ts';

export const environment = { HOME: '/home/ops' };

/** What the operator would see, a line a problem; empty: the file is in order. */
export function complaints(text: string, fileName = 'hosts.yaml'): string[] {
  const result = parseInventory(text, { fileName, environment });
  return result.ok ? [] : result.problems.map(formatProblem);
}

/** The inventory of a text that is in order. */
export function inventoryOf(text: string, fileName = 'hosts.yaml'): Inventory {
  const result = parseInventory(text, { fileName, environment });
  if (!result.ok) throw new Error(result.problems.map(formatProblem).join('\n'));
  return result.inventory;
}

export function hostOf(text: string, name: string, fileName = 'hosts.yaml'): Host {
  const host = inventoryOf(text, fileName).hosts.find((candidate) => candidate.name === name);
  if (!host) throw new Error(`there is no ${name}`);
  return host;
}
