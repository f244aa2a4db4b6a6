// Identifies one process of this machine, even if another process has its pid before or after it.
import { readFileSync, readlinkSync } from 'node:fs';
import { readStat } from '../../process/table.ts';

export interface ProcessId {
  readonly pid: number;
  /** Clock ticks after the boot: starttime of proc_pid_stat(5). */
  readonly startTicks: string;
  /** The boot, and the pid namespace. */
  readonly place: string;
}

/** `unknown`: it is in another pid namespace, which this process can't see into. */
export type ProcessState = 'running' | 'ended' | 'unknown';

export const ownProcess = (): ProcessId | undefined => processOf(process.pid);

/** undefined: there is no such process, or this system has no /proc. */
export function processOf(pid: number): ProcessId | undefined {
  const found = statOf(pid);
  const place = placeHere();
  return found && place ? { pid, startTicks: found.startTicks, place: `${place.boot} ${place.namespace}` } : undefined;
}

export function processState({ pid, startTicks, place }: ProcessId): ProcessState {
  const here = placeHere();
  if (!here) return 'unknown';
  const [boot, namespace] = place.split(' ');
  if (boot !== here.boot) return 'ended';
  if (namespace !== here.namespace) return 'unknown';
  const found = statOf(pid);
  // Z and X: it has ended, and its parent has not read its status yet.
  return found && found.startTicks === startTicks && !'ZX'.includes(found.state) ? 'running' : 'ended';
}

/** Whether the process belongs to this machine's present boot. */
export const isSameBoot = ({ place }: ProcessId): boolean => place.split(' ')[0] === placeHere()?.boot;

function statOf(pid: number): { readonly state: string; readonly startTicks: string } | undefined {
  const text = readable(() => textOf(`/proc/${pid}/stat`));
  const stat = text === undefined ? undefined : readStat(pid, text);
  return stat && { state: stat.state, startTicks: String(stat.startTicks) };
}

function placeHere(): { readonly boot: string; readonly namespace: string } | undefined {
  const boot = readable(() => textOf('/proc/sys/kernel/random/boot_id').trim());
  const namespace = readable(() => readlinkSync('/proc/self/ns/pid'));
  return boot && namespace ? { boot, namespace } : undefined;
}

export const textOf = (path: string): string => readFileSync(path, 'utf8');

/** A process may end while it is read; that is no error. */
export function readable(read: () => string): string | undefined {
  try {
    return read();
  } catch (error) {
    if (
      error instanceof Error &&
      'code' in error &&
      ['ENOENT', 'ESRCH', 'EACCES', 'EPERM'].includes(String(error.code))
    )
      return undefined;
    throw error;
  }
}
