// What is said of named tables that a job left in a server: an applier may depend on them, and old rows may be there alone. A cleaning removes none of it.
import type { Leftovers, LeftTables } from '../host/leftovers/leftovers.ts';

interface Choice {
  readonly found: Pick<Leftovers, 'tables'>;
  readonly open: ReadonlyMap<string, number>;
  readonly needed: ReadonlyMap<string, number>;
}

export const tablesLines = (choice: Choice): string[] => choice.found.tables.map((left) => lineOf(left, choice));

/** Of that folder. */
export const ofTables = 'the notes of these named tables: they go last';

/** Whether the folder has notes of such a job, and no data of a seed. */
export const isOfTables = (folder: string, { found: { tables } }: Pick<Choice, 'found'>): boolean =>
  tables.some(({ job, state }) => state !== 'none' && folder.endsWith(`/.reseed-${job}`));

const states: { readonly [state in LeftTables['state']]: string } = {
  none: 'the notes of the job are gone',
  opened: 'they are not in place',
  swapped: 'they may be in place of the old ones',
  passed: 'its applier has left out events of these tables, which the old ones lack',
  undone: 'the old ones are in place again',
};

function lineOf({ job, fresh, old, state }: LeftTables, { open, needed }: Choice): string {
  const id = needed.get(job) ?? open.get(job);
  const databases = [namesOf('new', job, fresh), namesOf('old', job, old)].filter((one) => one !== '').join(' and ');
  const where = databases === '' ? 'its databases are gone' : databases;
  const what = `named tables that ${id === undefined ? `job ${job}` : `job ${id}`} brought (${where}): ${states[state]}`;
  if (id !== undefined) return `${what}; reseed job abort ${id} undoes it`;
  const drops = [fresh === undefined ? [] : `reseed_new_${job}`, old === undefined ? [] : `reseed_old_${job}`].flat();
  const dropped = drops.map((name) => ` DROP DATABASE ${name};`).join('');
  return `${what}. No job of this journal has them. Of a replica, look whether its applier runs, and leaves out events (SHOW REPLICA STATUS: Replicate_Ignore_Table): put the tables in again by the same seed, which starts it${dropped === '' ? '' : `; what is in these databases is lost by SET SESSION sql_log_bin = 0;${dropped}`}`;
}

function namesOf(kind: 'new' | 'old', job: string, count: LeftTables['fresh']): string {
  if (count === undefined) return '';
  return `reseed_${kind}_${job} has ${count === 'unknown' ? 'an unknown number of' : count} tables`;
}
