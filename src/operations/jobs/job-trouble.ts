// What is said where the journal, the record of one job in it, or a job's log can't be read or written.
import { existsSync, statfsSync } from 'node:fs';
import type { JobHome } from '../../job/journal/home.ts';
import type { Journal } from '../../job/journal/journal.ts';
import { isDamage } from '../../job/journal/journal-file.ts';
import { type DamagedJob, damageAdvice, RowDamage } from '../../job/journal/row-damage.ts';
import { PlanFault } from '../../job/plan/plan-fault.ts';
import { cleanLine } from '../../text/clean.ts';

interface Store {
  readonly home: JobHome;
  readonly journal: Journal;
}

/** Why the journal as a whole can't be used, and what to do. */
export function journalTrouble({ journal }: JobHome, error: unknown): string {
  const said = error instanceof Error ? error.message : String(error);
  const full = isFull(journal) ? ': its disk is full' : '';
  const advice = isDamage(error)
    ? `; put back a copy of it, or move ${journal}* away: a new one is made, and reseed clean HOST finds what jobs left`
    : '';
  return `the journal of jobs can't be used: ${journal}: ${said}${full}${advice}`;
}

/** SQLite reports a full disk as an I/O error if its shared memory does not fit. */
function isFull(path: string): boolean {
  if (!existsSync(path)) return false;
  const { bavail, bsize } = statfsSync(path);
  return bavail * bsize < 64 * 1024;
}

/**
 * An error of the disk or file of a journal or log, or of a job's record in it, as one clean line. Any other error is a
 * bug, and is thrown again.
 */
export function diskTrouble(error: unknown): string {
  const isOfRecord = error instanceof RowDamage || error instanceof PlanFault;
  if (error instanceof Error && (isOfRecord || 'errcode' in error || 'errno' in error)) return cleanLine(error.message);
  throw error;
}

/** What the operator reads of it; any other error is a bug, and is thrown again. */
interface Trouble {
  readonly message: string;
  readonly advice: string;
}

/** The same with what to do. */
export function troubleOf(store: Store, error: unknown): Trouble {
  if (!(error instanceof RowDamage)) return { message: diskTrouble(error), advice: '' };
  const { job: id } = error.at;
  const damaged = store.journal.damaged().find((one) => one.id === id);
  return damageTrouble(store, damaged ?? { id, state: undefined, hosts: [], damage: error });
}

/** Sentences about commands of a job that its journal can't tell any more: what is said of its hosts may lack them. */
export const untoldCommands = ({ home, journal }: Store, id: number): readonly string[] =>
  journal
    .commandDamage(id)
    .slice(0, 1)
    .map(({ message }) => `what is said here may lack commands that the job ran: ${message}; ${home.log(id)} has all`);

export const damageTrouble = (
  { home }: Pick<Store, 'home'>,
  job: Pick<DamagedJob, 'id' | 'state' | 'hosts' | 'damage'>,
): Trouble => ({ message: job.damage.message, advice: damageAdvice(job, home.journal, home.log(job.id)) });

/** What `read` gives of the journal. A text: why it can't be read, and what to do. */
export function reading<T>({ home, journal }: Store, read: (journal: Journal) => T): T | string {
  try {
    return read(journal);
  } catch (error) {
    const said = diskTrouble(error);
    return isDamage(error) ? journalTrouble(home, error) : `the journal of jobs can't be read: ${said}`;
  }
}
