// Whether a job's runner lives. That it died is only said where it is known: its process has ended, or the kernel that held its lock has
// let go of it. Of a runner on another machine there is its lease, and that a lease is not renewed says nothing for certain: its machine may
// be suspended, its network away, a clock wrong.
import { existsSync } from 'node:fs';
import { uptime } from 'node:os';
import { isOver, type JobRecord } from '../journal/record.ts';
import { isAlive } from './alive.ts';
import { fileId, isFresh, isSameMachine, type Lease, machineHere } from './lease.ts';
import { isSameBoot, type ProcessState, processState } from './process-id.ts';

/** `lapsed`: it has not renewed its lease, on another machine; it may live or not. A job that is over is `alive`: nothing lacks. */
export type RunnerState = 'alive' | 'died' | 'lapsed';

/** The same, as those who show jobs have it beside each. */
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

/** Not over, and not known to go on: what is shown of it is of when its runner was last heard of. */
export const standsStill = ({ abandoned, lapsed }: Carried): boolean => abandoned || lapsed === true;

/** Whether it goes on, as far as is known. */
export const goesOn = ({ job, ...carried }: Carried & { readonly job: JobRecord }): boolean =>
  !isOver(job.state) && !standsStill(carried);

export function runnerState(job: JobRecord, alivePath: string, nowMs: number): RunnerState {
  if (isOver(job.state)) return 'alive';
  // The process first: a lock that is only looked at is in a starting runner's way.
  const process = stateOfProcess(job, nowMs);
  if (process === 'running' || (existsSync(alivePath) && isAlive(alivePath))) return 'alive';
  const { lease } = job;
  // Without one it is of a reseed that had none, on this machine.
  if (!lease || lease.ended || process === 'ended' || isOfThisKernel(lease, alivePath)) return 'died';
  return isFresh(lease, nowMs) ? 'alive' : 'lapsed';
}

function stateOfProcess({ lease, runner }: JobRecord, nowMs: number): ProcessState {
  if (!runner || !lease || isSameBoot(runner)) return runner ? processState(runner) : 'unknown';
  // The machine was started again since. Where it was renewed after that, two machines are called alike.
  const bootMs = nowMs - uptime() * 1000;
  const here = machineHere();
  const ended = here.id !== undefined && isSameMachine(lease.holder.machine, here) && lease.renewedMs < bootMs;
  return ended ? 'ended' : 'unknown';
}

/** Whether the lock that is free is the holder's own, and was held by this kernel. */
function isOfThisKernel({ holder }: Lease, alivePath: string): boolean {
  // A system without /proc.
  if (!holder.process) return isSameMachine(holder.machine, machineHere());
  return holder.lock !== undefined && isSameBoot(holder.process) && holder.lock === fileId(alivePath);
}
