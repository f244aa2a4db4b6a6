// Where the jobs of this account are kept, on this machine.
import { homedir } from 'node:os';
import { join } from 'node:path';

export interface JobHome {
  readonly journal: string;
  /** What operators have marked as seen in error logs. */
  readonly seen: string;
  /** What error logs have reported of corrupt data, until it is marked as seen. */
  readonly reported: string;
  /** What the operator reads of a job. */
  readonly log: (id: number) => string;
  /** The lock that its runner holds. */
  readonly alive: (id: number) => string;
  /** What its runner's process printed: a crash, if anything. */
  readonly output: (id: number) => string;
  /** An account that was typed for the job of that key; it goes with the job. */
  readonly account: (key: string) => string;
}

/** $XDG_STATE_HOME/reseed, as the XDG Base Directory Specification has it: a relative one does not count. */
export function jobHome({ XDG_STATE_HOME: state, HOME }: NodeJS.ProcessEnv): JobHome {
  const base = state?.startsWith('/') ? state : join(HOME ?? homedir(), '.local', 'state');
  const folder = join(base, 'reseed');
  const file = (id: number, ending: string) => join(folder, 'jobs', `${id}.${ending}`);
  return {
    journal: join(folder, 'jobs.sqlite'),
    seen: join(folder, 'seen.json'),
    reported: join(folder, 'reported.json'),
    log: (id) => file(id, 'log'),
    alive: (id) => file(id, 'alive'),
    output: (id) => file(id, 'output'),
    account: (key) => join(folder, 'jobs', `${key}.account`),
  };
}
