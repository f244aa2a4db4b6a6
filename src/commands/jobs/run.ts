// reseed job run: the runner's own process. Nobody types it: startRunner and `job resume` do.
import { holdAlive } from '../../job/alive.ts';
import { LeaseLost } from '../../job/held-lease.ts';
import { type Holder, holderHere } from '../../job/lease.ts';
import type { JobRecord } from '../../job/record.ts';
import { carryOut } from '../../operations/jobs/carry-out.ts';
import { type Desk, diskTrouble } from '../../operations/jobs/desk.ts';
import { exitCodes, exitWith } from '../answer.ts';
import { openDesk } from './open-desk.ts';

/** `leaseKey`: of the lease that its launcher wrote; absent: there is none yet. */
export async function runHere(id: number, leaseKey?: string): Promise<void> {
  // A closed terminal, or a Ctrl-C in it, is not for the job: `job abort` is.
  for (const signal of ['SIGHUP', 'SIGINT'] as const) process.on(signal, () => undefined);
  const desk = openDesk();
  if (!desk) return;
  const job = desk.journal.job(id);
  const alive = holdAlive(desk.home.alive(id));
  const holder = holderHere(desk.home.alive(id));
  if (job && alive && desk.journal.takeLease(id, leaseKey, holder)) exitWith(await ended(desk, job, holder));
  else process.stderr.write(`reseed: ${job ? `job ${id} has a runner already` : `there is no job ${id}`}\n`);
  alive?.release();
  desk.journal.close();
}

/** A full disk ends the runner, and not the job: what it holds is in the journal, and the next runner goes on. */
async function ended(desk: Desk, job: JobRecord, holder: Holder): Promise<number> {
  try {
    return (await carryOut(desk, job, holder)) === 'done' ? exitCodes.done : exitCodes.failed;
  } catch (error) {
    const why = error instanceof LeaseLost ? error.message : diskTrouble(error);
    process.stderr.write(`reseed: the runner of job ${job.id} ends here: ${why}\n`);
    return exitCodes.failed;
  }
}
