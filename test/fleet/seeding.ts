// What the tests of seeds share: verbs inside the fleet's network, a job from the journal, and what is left on hosts.
import { expect } from 'vitest';
import { jobHome } from '../../src/job/journal/home.ts';
import { openJournal } from '../../src/job/journal/journal.ts';
import { on, printedOn, reseed, reseedWords, testEnvironment, testState, until } from './fleet.ts';
import { operator } from './operators.ts';

/** A verb of reseed as it is used on the fleet: inside its network. */
export const inside = (...words: string[]) => reseed(['drill', 'exec', '--', ...reseedWords, ...words]);

export async function done(...words: string[]): Promise<string> {
  const ended = await inside(...words);
  if (ended.exitCode === 0) return ended.stdout;
  throw new Error(`reseed ${words.join(' ')} ended with ${ended.exitCode}:\n${ended.stdout}${ended.stderr}`);
}

export interface Shown {
  readonly state: string;
  readonly error?: string;
  readonly steps: readonly {
    readonly name: string;
    readonly state: string;
    readonly progress?: {
      readonly text?: string;
      readonly doneBytes?: number;
      readonly totalBytes?: number;
      readonly sentBytes?: number;
    };
  }[];
}
/** As the journal has it: each `reseed job show` is two processes, and tests ask twice a second while hosts have the work to do. */
export async function shown(id: string): Promise<Shown> {
  const journal = openJournal(jobHome(testEnvironment).journal, Date.now);
  try {
    const job = journal?.job(Number(id));
    if (!job) throw new Error(`there is no job ${id}`);
    return job;
  } finally {
    journal?.close();
  }
}
export const stateOf = ({ steps }: Shown, name: string) => steps.find((step) => step.name === name)?.state;

export async function begun(...words: string[]): Promise<string> {
  const { id } = JSON.parse(await done(...words, '--json')) as { id: number };
  return String(id);
}

/** Kills the job's runner as soon as the step runs, as the kernel does when memory runs out. */
export async function killedIn(id: string, step: string, deadlineMs = 240_000): Promise<void> {
  await until(
    () => shown(id),
    (job) => stateOf(job, step) !== 'waiting',
    deadlineMs,
  );
  await operator(testState).killRunner(id);
}

const traces = `ls -A /run/reseed 2>/dev/null | grep -vxE 'lvm|mount'
  lvs --noheadings -o lv_name,lv_tags | grep reseed
  ls -A /run/reseed/mount 2>/dev/null
  find /etc/systemd/system /run/systemd/system /srv /var/lib/mysql /var/lib/mariadb -xdev -name '*reseed*' 2>/dev/null
  find /srv /var/lib/mysql -xdev -name RESEED_IN_PROGRESS 2>/dev/null
  true`;

/** What reseed has on a host: nothing, if no job works there. */
const tracesOn = (host: string) => on(host, traces);

export async function nothingLeftOn(...hosts: string[]): Promise<void> {
  for (const host of hosts) expect({ host, left: await tracesOn(host) }).toEqual({ host, left: '' });
}

/** What `drill verify` does for the replicas that it knows. */
export async function sameAsPrimary(host: string): Promise<void> {
  const verify = '/usr/local/lib/drill/verify.sh';
  const position = await printedOn('db1', `${verify} hold`);
  try {
    expect(await printedOn(host, `mysql -Nse "SELECT WAIT_FOR_EXECUTED_GTID_SET('${position}', 60)"`)).toBe('0');
    expect(await printedOn(host, `${verify} checksums ''`)).toBe(await printedOn('db1', `${verify} checksums ''`));
  } finally {
    await printedOn('db1', `${verify} release`);
  }
}
