// reseed job run: the runner's own process. Nobody types it: startRunner and `job resume` do.

import { holdAlive } from '../../job/alive.ts';
import { frozenText } from '../../job/frozen-text.ts';
import { openJobLog } from '../../job/log-file.ts';
import { ownProcess } from '../../job/process-id.ts';
import type { JobRecord, JobState } from '../../job/record.ts';
import { type RunnerParts, runJob } from '../../job/runner.ts';
import { openRemotes } from '../../remote/open.ts';
import type { Remote, RemoteTarget } from '../../remote/remote.ts';
import { keptRelays } from '../../seed/works/relays.ts';
import { exitCodes } from '../answer.ts';
import { allWorks } from './all-works.ts';
import { forgetAccount } from './ask-account.ts';
import { type Desk, diskTrouble, openDesk } from './desk.ts';

export async function runHere(id: number): Promise<void> {
  // A closed terminal, or a Ctrl-C in it, is not for the job: `job abort` is.
  for (const signal of ['SIGHUP', 'SIGINT'] as const) process.on(signal, () => undefined);
  const desk = openDesk();
  if (!desk) return;
  const job = desk.journal.job(id);
  const alive = holdAlive(desk.home.alive(id));
  if (alive) desk.journal.setRunner(id, ownProcess());
  if (job && alive) process.exitCode = await ended(desk, job);
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

/** The caller holds the job's `alive` lock. */
export async function carryOut(
  { home, journal }: Desk,
  job: JobRecord,
  boundary?: RunnerParts['boundary'],
): Promise<JobState> {
  const remotes = openRemotes({ environment: process.env });
  const opened = new Map<string, Remote>();
  const targetOf = (host: string): RemoteTarget => {
    const target = job.targets.find(({ name }) => name === host);
    if (!target) throw new Error(`job ${job.id} does not know how to reach ${host}`);
    return target;
  };
  const open = (host: string): Remote => {
    const remote = opened.get(host) ?? remotes.open(targetOf(host));
    opened.set(host, remote);
    return remote;
  };
  const relays = keptRelays((donor, target, toPort) =>
    remotes.relay(targetOf(donor), targetOf(target), toPort, frozenText(job, 'relay', journal)),
  );
  const works = allWorks(relays);
  const log = openJobLog(home.log(job.id), Date.now);
  try {
    const end = await runJob(job.id, { journal, log, works, open, nowMs: Date.now, ...(boundary && { boundary }) });
    forgetAccount(home.account(job.key));
    return end;
  } finally {
    await relays.close();
    await Promise.all([...opened.values()].map((remote) => remote.close()));
    await remotes.close();
  }
}
