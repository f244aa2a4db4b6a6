// A job as `jobs --json` and `job show --json` print it: the journal's record, and the console's words for it. Pure.

import type { OtherJob } from '../../../history/read.ts';
import { isOver, type JobRecord } from '../../../job/journal/record.ts';
import { type Carried, standsStill } from '../../../job/lease/runner-state.ts';
import { jobBadge, resourceBadge, stepBadge } from '../../../job/words/badges.ts';
import { badgeJson } from '../../../text/badge.ts';

/** `badge` beside each state: {sign, word, tone}. */
export const jobJson = (job: JobRecord, carried: Carried) => ({
  ...job,
  ...carried,
  badge: badgeJson(jobBadge(job, carried)),
  steps: job.steps.map((step) => ({
    ...step,
    badge: badgeJson(stepBadge(step, { isStill: standsStill(carried), isOver: isOver(job.state) })),
  })),
  resources: job.resources.map((resource) => ({
    ...resource,
    badge: badgeJson(resourceBadge(resource, standsStill(carried))),
  })),
});

/** A job of another jump host. `name`: `jump2:7`; `id`: its number there. */
export const otherJson = ({ name, from, heardAgoMs, job, seq: _, ...carried }: OtherJob) => ({
  name,
  from,
  heardAgoMs,
  ...jobJson(job, carried),
});
