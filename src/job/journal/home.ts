// The folder and files of this account's jobs, on this machine.
import { homedir } from 'node:os';
import { join } from 'node:path';

export interface JobHome {
  readonly journal: string;
  /** Marks of operators on error logs: what they have seen. */
  readonly seen: string;
  /** Reports of corrupt data in error logs, until an operator marks them as seen. */
  readonly reported: string;
  /** The lock that a tick of schedules holds. */
  readonly tick: string;
  /** The lock of the process that sends this journal's jobs to the database of several jump hosts, and what it printed. */
  readonly sender: string;
  readonly senderOutput: string;
  /** The log of a job, for the operator. */
  readonly log: (id: number) => string;
  /** The lock that its runner holds. */
  readonly alive: (id: number) => string;
  /** The output of its runner's process: a crash, if anything. */
  readonly output: (id: number) => string;
  /** What the runs of hooks on this machine leave for the job of that key; each has its number after it. Removed with the job. */
  readonly hooks: (key: string) => string;
  /** An account that was typed for the job of that key; removed with the job. */
  readonly account: (key: string) => string;
}

/** $XDG_STATE_HOME/reseed, by the XDG Base Directory Specification: a relative path is ignored. */
export function jobHome({ XDG_STATE_HOME: state, HOME }: NodeJS.ProcessEnv): JobHome {
  const base = state?.startsWith('/') ? state : join(HOME ?? homedir(), '.local', 'state');
  const folder = join(base, 'reseed');
  const file = (id: number, ending: string) => join(folder, 'jobs', `${id}.${ending}`);
  return {
    journal: join(folder, 'jobs.sqlite'),
    seen: join(folder, 'seen.json'),
    reported: join(folder, 'reported.json'),
    tick: join(folder, 'tick.alive'),
    sender: join(folder, 'history.alive'),
    senderOutput: join(folder, 'history.output'),
    log: (id) => file(id, 'log'),
    alive: (id) => file(id, 'alive'),
    output: (id) => file(id, 'output'),
    hooks: (key) => join(folder, 'jobs', `${key}.hook-`),
    account: (key) => join(folder, 'jobs', `${key}.account`),
  };
}
