// reseed job run: the runner's own process. It is not typed by operators: startRunner and `job resume` run it.
import { holdAlive } from '../../../job/lease/alive.ts';
import { LeaseLost } from '../../../job/lease/held-lease.ts';
import { holderHere } from '../../../job/lease/lease.ts';
import { startSender } from '../../../operations/history/start-sender.ts';
import { carryOut } from '../../../operations/jobs/carry-out.ts';
import type { JobStore } from '../../../operations/jobs/job-store.ts';
import { diskTrouble } from '../../../operations/jobs/job-trouble.ts';
import { tellWhile } from '../../../operations/notify/tell-while.ts';
import { exitCodes, exitWith } from '../../answer.ts';
import { openJobStore } from './open-store.ts';

/** `leaseKey`: the key of the lease that the launcher wrote; absent: there is none yet. */
export async function runHere(id: number, leaseKey?: string): Promise<void> {
  // A closed terminal or a Ctrl-C must not end the job; `job abort` does.
  for (const signal of ['SIGHUP', 'SIGINT'] as const) process.on(signal, () => undefined);
  const store = openJobStore();
  if (!store) return;
  const telling = tellWhile(store, id, say);
  const sender = keepSender(store);
  try {
    exitWith(await carried(store, id, leaseKey));
  } catch (error) {
    // A full disk ends the runner, not the job: the journal has what the job holds, and the next runner resumes it.
    const why = error instanceof LeaseLost ? error.message : diskTrouble(error);
    say(`the runner of job ${id} ends here: ${why}`);
    exitWith(exitCodes.failed);
  } finally {
    clearInterval(sender);
    // The job is over, and its hosts are free: no receiver delays it.
    await telling.end();
    store.journal.close();
  }
}

const senderEveryMs = 10_000;

/** Where the journal is shared, what sends it runs as long as the job. The job does not need it. */
function keepSender(store: JobStore): NodeJS.Timeout {
  const look = () => {
    try {
      startSender(store);
    } catch (error) {
      say(`what this job does is not sent to other jump hosts now: ${diskTrouble(error)}`);
    }
  };
  look();
  return setInterval(look, senderEveryMs).unref();
}

/** Returns the exit code. */
async function carried(store: JobStore, id: number, leaseKey: string | undefined): Promise<number> {
  const job = store.journal.job(id);
  if (!job) return refused(`there is no job ${id}`);
  const alive = holdAlive(store.home.alive(id));
  if (!alive) return refused(`job ${id} has a runner already`);
  try {
    const holder = holderHere(store.home.alive(id));
    if (!store.journal.takeLease(id, leaseKey, holder)) return refused(`job ${id} has a runner already`);
    return (await carryOut(store, job, holder)) === 'done' ? exitCodes.done : exitCodes.failed;
  } finally {
    alive.release();
  }
}

function refused(why: string): number {
  say(why);
  return exitCodes.done;
}

const say = (text: string): boolean => process.stderr.write(`reseed: ${text}\n`);
