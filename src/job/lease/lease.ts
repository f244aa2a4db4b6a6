// Who runs a job: one runner's process, on one machine. It says so again every few seconds in the journal, beside the lock that
// the kernel holds for it: a journal may lie where several machines reach it, and locks and processes of another machine can't be seen.
import { createHash, randomBytes } from 'node:crypto';
import { statSync } from 'node:fs';
import { hostname } from 'node:os';
import { ownProcess, type ProcessId, readable, textOf } from './process-id.ts';

export interface Machine {
  /** Its host name: for people. */
  readonly name: string;
  /** From machine-id(5), which is told to others only as a digest; absent: it has none, as many containers. */
  readonly id?: string;
}

export interface Holder {
  /** A random word, unlike every other holder's. */
  readonly key: string;
  readonly machine: Machine;
  /** The process that starts the runner, then the runner's own; absent: this system has no /proc. */
  readonly process?: ProcessId;
  /** The file of its lock, as its kernel names it: `device:inode`. Absent: it has none yet. */
  readonly lock?: string;
}

export interface Lease {
  readonly holder: Holder;
  /** When it was renewed last, by the clock of the holder's machine. */
  readonly renewedMs: number;
  readonly renewals: number;
  /** The holder has written down that it ends. */
  readonly ended: boolean;
}

export const renewEveryMs = 5000;
/** From then on a lease that was not renewed is told as such: a runner may be late, and never loses its job for that alone. */
const freshMs = 60_000;

/** By a clock that is far behind the holder's as well, nothing is known. */
export const isFresh = ({ renewedMs }: Lease, nowMs: number): boolean => Math.abs(nowMs - renewedMs) <= freshMs;

export function machineHere(): Machine {
  const id = readable(() => textOf('/etc/machine-id').trim());
  return {
    name: hostname(),
    ...(id && { id: createHash('sha256').update(`reseed ${id}`).digest('hex').slice(0, 16) }),
  };
}

/** This process, as the holder of a lease. `lockFile`: it holds that file's lock. */
export function holderHere(lockFile?: string): Holder {
  const own = ownProcess();
  const lock = lockFile === undefined ? undefined : fileId(lockFile);
  return {
    key: randomBytes(8).toString('hex'),
    machine: machineHere(),
    ...(own && { process: own }),
    ...(lock !== undefined && { lock }),
  };
}

/** undefined: there is no such file. */
export function fileId(path: string): string | undefined {
  const found = statSync(path, { bigint: true, throwIfNoEntry: false });
  return found && `${found.dev}:${found.ino}`;
}

/** Cloned machines may have the same id. */
export const isSameMachine = (one: Machine, other: Machine): boolean => one.name === other.name && one.id === other.id;
