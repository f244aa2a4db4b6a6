// A job of another jump host, as it is shown. Pure.
import type { OtherJob } from '../../history/read.ts';
import type { JobView } from '../../job/journal/watch.ts';
import { standsStill } from '../../job/lease/runner-state.ts';
import { shortDuration } from '../../text/amounts.ts';
import { machineOf } from '../jobs/words/died-words.ts';

/** Why nothing is known to work on it. Only the clock of the database is used. */
export function otherStillText({ from, name, abandoned, heardAgoMs, job }: OtherJob): string {
  if (abandoned) return `runner died on ${machineOf(job)}, as ${from} tells. On ${from}: reseed job resume ${job.id}`;
  const heard = `${from} was last heard of ${shortDuration(heardAgoMs)} ago: job ${name} may run there or not`;
  return `${heard}. If ${from} is gone: reseed job take-up ${name}`;
}

/** `before`: its view until now, which is given again if nothing of it is new. */
export function otherView(one: OtherJob, before: JobView | undefined): JobView {
  const { job, name, from, abandoned, lapsed } = one;
  const still = standsStill(one) ? otherStillText(one) : undefined;
  if (before?.job === job && before.abandoned === abandoned && before.other?.still === still) return before;
  return {
    job,
    abandoned,
    ...(lapsed && { lapsed }),
    samples: [],
    other: { name, from, ...(still !== undefined && { still }) },
  };
}
