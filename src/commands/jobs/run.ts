// reseed job run: the runner's own process. Nobody types it: startRunner and `job resume` do.
import { holdAlive } from '../../job/alive.ts';
import { ownProcess } from '../../job/process-id.ts';
import type { JobRecord } from '../../job/record.ts';
import { carryOut } from '../../operations/jobs/carry-out.ts';
import { type Desk, diskTrouble } from '../../operations/jobs/desk.ts';
import { exitCodes, exitWith } from '../answer.ts';
import { openDesk } from './open-desk.ts';

export async function runHere(id: number): Promise<void> {
  // A closed terminal, or a Ctrl-C in it, is not for the job: `job abort` is.
  for (const signal of ['SIGHUP', 'SIGINT'] as const) process.on(signal, () => undefined);
  const desk = openDesk();
  if (!desk) return;
  const job = desk.journal.job(id);
  const alive = holdAlive(desk.home.alive(id));
  if (alive) desk.journal.setRunner(id, ownProcess());
  if (job && alive) exitWith(await ended(desk, job));
  else process.stderr.write(`reseed: ${job ? `job ${id} has a runner already` : `there is no job ${id}`}\n`);
  alive?.release();
  desk.journal.close();
}

/** A full disk ends the runner, and not the job: what it holds is in the journal, and the next runner goes on. */
async function ended(desk: Desk, job: JobRecord): Promise<number> {
  try {
    return (await carryOut(desk, job)) === 'done' ? exitCodes.done : exitCodes.failed;
  } catch (error) {
    process.stderr.write(`reseed: the runner of job ${job.id} ends here: ${diskTrouble(error)}\n`);
    return exitCodes.failed;
  }
}
