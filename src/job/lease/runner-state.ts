// Whether a job's runner lives. It counts as died only if that is certain: its process has ended, or the kernel that
// held its lock has released it. For a runner on another machine there is only its lease. A lease that is not renewed
// proves nothing: its machine may be suspended, its network down, a clock wrong.
import { existsSync } from 'node:fs';
import { uptime } from 'node:os';
import { isOver, type JobRecord } from '../journal/record.ts';
import { isAlive } from './alive.ts';
import { fileId, isFresh, isSameMachine, type Lease, machineHere } from './lease.ts';
import { isSameBoot, type ProcessState, processState } from './process-id.ts';

/**
 * `lapsed`: on another machine, and its lease is not renewed; it may live or not. A finished job counts as `alive`: it
 * needs no runner.
 */
export type RunnerState = 'alive' | 'died' | 'lapsed';

/** The same, in the form that is shown beside each job. */
export interface Carried {
  /** Not over, and its runner has ended. */
  readonly abandoned: boolean;
  /** Not over, and its runner on another machine has not renewed its lease. */
  readonly lapsed?: true;
}

export const carriedBy = (state: RunnerState): Carried => ({
  abandoned: state === 'died',
  ...(state === 'lapsed' && { lapsed: true }),
});

/** Not over, and not known to be running: its figures are from when its runner was last heard of. */
export const standsStill = ({ abandoned, lapsed }: Carried): boolean => abandoned || lapsed === true;

/** Whether it is running, as far as is known. */
export const goesOn = ({ job, ...carried }: Carried & { readonly job: JobRecord }): boolean =>
  !isOver(job.state) && !standsStill(carried);

/** What tells how a job's runner stands. */
type Run = Pick<JobRecord, 'state' | 'lease' | 'runner'>;

export function runnerState(job: Run, alivePath: string, nowMs: number): RunnerState {
  if (isOver(job.state)) return 'alive';
  // Checks the process first: checking the lock can get in the way of a starting runner.
  const process = stateOfProcess(job, nowMs);
  if (process === 'running' || (existsSync(alivePath) && isAlive(alivePath))) return 'alive';
  const { lease } = job;
  // A job without a lease is of an older reseed, on this machine.
  if (!lease || lease.ended || process === 'ended' || isOfThisKernel(lease, alivePath)) return 'died';
  return isFresh(lease, nowMs) ? 'alive' : 'lapsed';
}

function stateOfProcess({ lease, runner }: Run, nowMs: number): ProcessState {
  if (!runner || !lease || isSameBoot(runner)) return runner ? processState(runner) : 'unknown';
  // The machine was restarted since. If the lease was renewed after that boot, two machines have the same name.
  const bootMs = nowMs - uptime() * 1000;
  const here = machineHere();
  const ended = here.id !== undefined && isSameMachine(lease.holder.machine, here) && lease.renewedMs < bootMs;
  return ended ? 'ended' : 'unknown';
}

/** Whether the free lock is the holder's own, and this kernel held it. */
function isOfThisKernel({ holder }: Lease, alivePath: string): boolean {
  // For a system without /proc.
  if (!holder.process) return isSameMachine(holder.machine, machineHere());
  return holder.lock !== undefined && isSameBoot(holder.process) && holder.lock === fileId(alivePath);
}
