// Carries a job out in this process, with its own connections.

import { openJobLog } from '../../job/journal/log-file.ts';
import { isOver, type JobRecord, type JobState } from '../../job/journal/record.ts';
import { keepLease } from '../../job/lease/held-lease.ts';
import type { Holder } from '../../job/lease/lease.ts';
import { frozenText } from '../../job/plan/frozen-text.ts';
import { PlanFault } from '../../job/plan/plan-fault.ts';
import { fenced } from '../../job/runner/fenced.ts';
import { keepLocks } from '../../job/runner/keep-locks.ts';
import { keptRelays } from '../../job/runner/relays.ts';
import { type RunnerParts, runJob } from '../../job/runner/runner.ts';
import { openRemotes } from '../../remote/open.ts';
import type { Remote, RemoteTarget } from '../../remote/remote.ts';
import { forgetAccount } from './account-file.ts';
import { allWorks } from './all-works.ts';
import { forgetHooks } from './hook-marks.ts';
import type { JobStore } from './job-store.ts';
import { diskTrouble } from './job-trouble.ts';

/** The caller holds the job's `alive` lock, and its lease as `holder`. Here the lease is renewed, and ended. */
export async function carryOut(
  { home, journal }: JobStore,
  job: JobRecord,
  holder: Holder,
  boundary?: RunnerParts['boundary'],
): Promise<JobState> {
  const remotes = openRemotes({ environment: process.env });
  const opened = new Map<string, Remote>();
  const targetOf = (host: string): RemoteTarget => {
    const target = job.targets.find(({ name }) => name === host);
    if (!target) throw new PlanFault(`the record of job ${job.id} does not tell how ${host} is reached`);
    return target;
  };
  const open = (host: string): Remote => {
    const remote = opened.get(host) ?? fenced(remotes.open(targetOf(host)), job.key);
    opened.set(host, remote);
    return remote;
  };
  const relays = keptRelays((donor, target, toPort) =>
    remotes.relay(targetOf(donor), targetOf(target), toPort, frozenText(job, 'relay', journal)),
  );
  const log = openJobLog(home.log(job.id), Date.now);
  const lease = keepLease(journal, job.id, holder, (error) =>
    log.write('', `the lease of the job was not renewed: ${diskTrouble(error)}`),
  );
  const endLocks = keepLocks(job.id, { journal, open });
  try {
    const parts = { journal, log, works: allWorks, open, relays, nowMs: Date.now, lease };
    const end = await runJob(job.id, { ...parts, ...(boundary && { boundary }) });
    // A job that this build can't resume keeps its account, for a build that can.
    if (isOver(end)) {
      forgetAccount(home.account(job.key));
      forgetHooks(home, job.key);
    }
    return end;
  } finally {
    await endLocks();
    await relays.close();
    await Promise.all([...opened.values()].map((remote) => remote.close()));
    await remotes.close();
    // Last, because it throws if the journal's disk is full, and an open connection would keep this process alive.
    lease.end();
  }
}
