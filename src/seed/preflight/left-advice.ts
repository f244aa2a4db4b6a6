// How to end a seed that left its data in a datadir: by the job itself, if this journal has it. `reseed clean` keeps
// that data.
import type { SeedRequest } from '../request.ts';

/** `left`: `DATADIR/.reseed-KEY: ...`, from seed-facts.sh. */
export function leftAdvice(
  { openJobs, uncleanJobs }: Pick<SeedRequest, 'openJobs' | 'uncleanJobs'>,
  left: string,
  host: string,
): string {
  const [, key = ''] = /\/\.reseed-([a-z0-9]+)(?=:|$)/.exec(left) ?? [];
  const open = openJobs?.get(key);
  if (open !== undefined) return `it is of job ${open}, which is not over: reseed job show ${open}`;
  const unclean = uncleanJobs?.get(key);
  if (unclean !== undefined) return `it is of job ${unclean}, which could not undo all: reseed job abort ${unclean}`;
  return `if that job does not go on: reseed clean ${host}`;
}
