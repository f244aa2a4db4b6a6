// What /proc says of the processes of this machine.
import { readdir, readFile } from 'node:fs/promises';

export interface ProcessStat {
  readonly pid: number;
  /** The first 15 bytes of the program's file name, unless the process has renamed itself (comm). */
  readonly name: string;
  /** One letter: R, S, D, T, Z (ended, and not yet reaped), ... */
  readonly state: string;
  readonly session: number;
  /** Clock ticks from this machine's boot to the start of the process. Together with the pid it identifies one process. */
  readonly startTicks: number;
}

/** proc_pid_stat(5); undefined where there is no such process. The second field is in parentheses and may hold anything. */
export async function processStat(pid: number): Promise<ProcessStat | undefined> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  return text === undefined ? undefined : readStat(pid, text);
}

/** `text` is that of /proc/PID/stat. */
export function readStat(pid: number, text: string): ProcessStat {
  const nameEnd = text.lastIndexOf(')');
  const name = text.slice(text.indexOf('(') + 1, nameEnd);
  const fields = text.slice(nameEnd + 2).split(' ');
  return { pid, name, state: fields[0] ?? '', session: Number(fields[3]), startTicks: Number(fields[19]) };
}

/** The arguments of a process, joined by spaces; empty where it has ended. */
export async function processCommand(pid: number): Promise<string> {
  const words = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
  return words.split('\0').join(' ').trim();
}

/** The processes of a session that have not ended. */
export async function sessionMembers(session: number): Promise<ProcessStat[]> {
  const members: ProcessStat[] = [];
  for (const name of await readdir('/proc')) {
    const pid = Number(name);
    if (!Number.isInteger(pid)) continue;
    const stat = await processStat(pid);
    if (stat?.session === session && stat.state !== 'Z') members.push(stat);
  }
  return members;
}
