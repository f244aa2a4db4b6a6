// The journal for a verb that can't go on without it.
import { type Desk, tryDesk } from '../../operations/jobs/desk.ts';
import { exitCodes, exitWith } from '../answer.ts';

/** undefined: it was said what is wrong, and the exit code is set. */
export function openDesk(): Desk | undefined {
  const desk = tryDesk();
  if (typeof desk !== 'string') return desk;
  process.stderr.write(`reseed: ${desk}\n`);
  exitWith(exitCodes.failed);
  return undefined;
}

interface AtStake {
  /** Numbers by keys: of jobs that are not over. */
  readonly open: ReadonlyMap<string, number>;
  /** Of jobs that ended `cleanup-needed`. */
  readonly needed: ReadonlyMap<string, number>;
}

/** This account's jobs that still have something on hosts. undefined: it was said why they are not known. */
export function jobsAtStake(): AtStake | undefined {
  const desk = openDesk();
  if (!desk) return undefined;
  const [open, needed] = [desk.journal.openJobs(), desk.journal.uncleanJobs()].map(
    (jobs) => new Map(jobs.map(({ key, id }) => [key, id])),
  );
  desk.journal.close();
  return open && needed && { open, needed };
}

/** This account's jobs that are not over, numbers by keys. undefined: it was said why they are not known. */
export const openJobs = (): ReadonlyMap<string, number> | undefined => jobsAtStake()?.open;
