// The inventory of a verb about schedules: with its absolute path, by which the journal knows them.
import type { Inventory, Schedule } from '../../inventory/settings.ts';
import type { JobStore } from '../../operations/jobs/job-store.ts';
import { diskTrouble } from '../../operations/jobs/job-trouble.ts';
import { inventoryPath, knownAs } from '../../operations/schedules/inventory-path.ts';
import { shownWord } from '../../remote/call/quote.ts';
import { exitCodes, exitWith, printFailure } from '../answer.ts';
import { chooseHosts, type HostOptions } from '../hosts/targets.ts';
import { openJobStore } from '../jobs/job/open-store.ts';

export interface Read {
  readonly inventory: Inventory;
  readonly path: string;
}

/** undefined: the error was printed, and the exit code is set. */
export async function readSchedules(options: HostOptions): Promise<Read | undefined> {
  const chosen = await chooseHosts([], options);
  return chosen && { inventory: chosen.inventory, path: inventoryPath(chosen.inventory) };
}

/** The same with one schedule of it. */
export async function readSchedule(
  name: string,
  options: HostOptions,
): Promise<(Read & { readonly schedule: Schedule }) | undefined> {
  const read = await readSchedules(options);
  if (!read) return undefined;
  const { schedules = [], file } = read.inventory;
  const schedule = schedules.find((one) => one.name === name);
  if (schedule) return { ...read, schedule };
  const known = schedules.map((one) => one.name).join(', ');
  exitWith(exitCodes.usage);
  printFailure(options.json, {
    error: 'usage',
    message: `${file} has no schedule ${name}`,
    advice: known === '' ? 'write it there, under schedules' : `it has ${known}`,
  });
  return undefined;
}

/** Prints where the schedules are known by another path: what is asked there would change nothing of them. Sets the exit code. */
export function refusedPath(
  { json }: HostOptions,
  { journal }: JobStore,
  path: string,
  what: 'schedules' | 'rules' = 'schedules',
): boolean {
  const other = knownAs(what === 'rules' ? journal.looks : journal.schedules, path);
  if (other === undefined) return false;
  exitWith(exitCodes.refused);
  const message = `the ${what} of ${path} are known by another path of the same file: ${other}`;
  printFailure(json, { error: 'refused', message, advice: `--inventory ${shownWord(other)}` });
  return true;
}

/** What `work` returns. undefined: the journal can't be used, the error was printed, and the exit code is set. */
export function inJournal<T>(options: HostOptions, work: (store: JobStore) => T): T | undefined {
  const store = openJobStore(options.json);
  if (!store) return undefined;
  try {
    return work(store);
  } catch (error) {
    const message = `the journal of jobs can't be used: ${diskTrouble(error)}`;
    exitWith(exitCodes.failed);
    printFailure(options.json, { error: 'failed', message, advice: '' });
    return undefined;
  } finally {
    store.journal.close();
  }
}
