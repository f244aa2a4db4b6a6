// What the inventory alone refuses needs no connection, and no plan.
import type { Inventory } from '../../inventory/settings.ts';
import { readOnlyRefusal } from '../../job/plan/refusal.ts';

export function readOnlyOf({ hosts }: Pick<Inventory, 'hosts'>, names: readonly string[]) {
  const found = hosts
    .filter(({ name }) => names.includes(name))
    .map(readOnlyRefusal)
    .find((one) => one !== undefined);
  return found && { message: found.message, advice: found.advice };
}
