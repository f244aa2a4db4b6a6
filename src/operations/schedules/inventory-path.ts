// By which path the journal knows the schedules of an inventory: as it was given, through all links. What a link points to is another file
// after each deploy, and in Kubernetes after each change of a ConfigMap; its schedules would forget that they were switched off.
import { realpathSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Inventory } from '../../inventory/settings.ts';
import type { ScheduleStore } from '../../job/journal/schedules.ts';

export const inventoryPath = ({ file }: Pick<Inventory, 'file'>): string => resolve(workingFolder(), file);

/** As the shell has it, which knows by which link it came there. */
function workingFolder(): string {
  const here = process.cwd();
  const { PWD } = process.env;
  return PWD?.startsWith('/') && realOf(PWD) === here ? PWD : here;
}

/** Another path of the same file, by which its schedules (or its looks) are known while they are not by this one. */
export function knownAs(schedules: Pick<ScheduleStore, 'inventories'>, path: string): string | undefined {
  const known = schedules.inventories();
  if (known.includes(path)) return undefined;
  const real = realOf(path);
  return known.find((other) => real !== undefined && realOf(other) === real);
}

/** undefined: it is not there. */
function realOf(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch {
    return undefined;
  }
}
