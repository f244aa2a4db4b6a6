// The inventory of a verb about schedules: with its absolute path, by which the journal knows them.
import { realpathSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Inventory, Schedule } from '../../inventory/settings.ts';
import type { JobStore } from '../../operations/jobs/job-store.ts';
import { diskTrouble } from '../../operations/jobs/job-trouble.ts';
import { exitCodes, exitWith, printFailure } from '../answer.ts';
import { chooseHosts, type HostOptions } from '../hosts/targets.ts';
import { openJobStore } from '../jobs/job/open-store.ts';

export interface Read {
  readonly inventory: Inventory;
  readonly path: string;
}

export const absolute = ({ file }: Inventory): string => realpathSync(resolve(process.cwd(), file));

/** undefined: the error was printed, and the exit code is set. */
export async function readSchedules(options: HostOptions): Promise<Read | undefined> {
  const chosen = await chooseHosts([], options);
  return chosen && { inventory: chosen.inventory, path: absolute(chosen.inventory) };
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
