// Which runner has a job: one process, on one machine. It renews its lease every few seconds in the journal, beside the
// lock that the kernel holds for it. Several machines may reach one journal, and locks and processes of another machine
// can't be seen.
import { createHash, randomBytes } from 'node:crypto';
import { statSync } from 'node:fs';
import { hostname } from 'node:os';
import { ownProcess, type ProcessId, readable, textOf } from './process-id.ts';

export interface Machine {
  /** Its host name, for people. */
  readonly name: string;
  /** From machine-id(5), which must be shown to others only as a digest; absent: the machine has none, as many containers. */
  readonly id?: string;
}

export interface Holder {
  /** A random word, different for every holder. */
  readonly key: string;
  readonly machine: Machine;
  /** The process that starts the runner, later the runner's own; absent: this system has no /proc. */
  readonly process?: ProcessId;
  /** The identity of its lock file in its kernel: `device:inode`. Absent: it has none yet. */
  readonly lock?: string;
}

export interface Lease {
  readonly holder: Holder;
  /** The time of the last renewal, by the clock of the holder's machine. */
  readonly renewedMs: number;
  readonly renewals: number;
  /** The holder has recorded that it ends. */
  readonly ended: boolean;
}

export const renewEveryMs = 5000;
/** An older lease is reported as not renewed. The runner may be late, and never loses its job for that alone. */
const freshMs = 60_000;

/** If this clock is far behind the holder's, nothing is known either. */
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
