// The other operator of a scenario: reseed itself, with a journal of its own, as on another jump host.
import { mkdir, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import { DrillFailure } from '../../drill/failure.ts';
import type { Stage } from '../../drill/scenarios/course.ts';
import { cleanLine } from '../../text/clean.ts';

/** `state`: the folder of the fleet. `reseed`: the words that start it inside the fleet's network; the last one is its program. */
export function otherOperator(
  state: string,
  reseed: readonly [string, ...string[]],
): Pick<Stage, 'operate' | 'operated'> {
  const [command, ...before] = reseed;
  const home = join(state, 'other-operator');
  const env = {
    XDG_STATE_HOME: home,
    // Not every verb has hosts: each finds its inventory here.
    RESEED_INVENTORY: join(dirname(reseed.at(-1) ?? ''), '..', 'hosts.yaml'),
  };
  const run = (words: readonly string[]) =>
    execa(command, [...before, ...words], { env, reject: false, stdin: 'ignore' });
  return {
    operate: async (words) => {
      await shareKeys(home, state);
      const begun = await run(words);
      if (!begun.failed) return;
      const why = cleanLine(begun.stderr.trim().split('\n').at(-1) ?? '');
      const advice = 'see reseed drill status; reseed drill reset gives hosts their first state';
      throw new DrillFailure('failed', `the other operator could not begin: ${why}`, advice);
    },
    operated: async () => whyNotDone((await run(['jobs', '--json'])).stdout),
  };
}

/** hosts.yaml names the keys of the fleet in the folder of this account's state: both operators have them. */
async function shareKeys(home: string, state: string): Promise<void> {
  await mkdir(join(home, 'reseed'), { recursive: true, mode: 0o700 });
  await symlink(state, join(home, 'reseed', 'drill')).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
}

/** Of `reseed jobs --json`. Empty: there are jobs, and all are done. */
export function whyNotDone(text: string): string {
  const jobs = jobsIn(text);
  if (jobs.length === 0) return 'it is not known';
  return jobs
    .filter(({ state }) => state !== 'done')
    .map(({ id, state }) => `job ${id} is ${state}`)
    .join('; ');
}

function jobsIn(text: string): readonly { readonly id: number; readonly state: string }[] {
  try {
    const { jobs } = JSON.parse(text) as { readonly jobs?: readonly { readonly id: number; readonly state: string }[] };
    return jobs ?? [];
  } catch {
    return [];
  }
}
