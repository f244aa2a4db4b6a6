// Jobs that tests record, with the scripts of this build.

import type { Journal, NewJob } from '../../src/job/journal/journal.ts';
import type { JobRecord } from '../../src/job/journal/record.ts';
import { freeze } from '../../src/job/plan/frozen.ts';
import { readScript } from '../../src/scripts/script.ts';

export const addJob = (journal: Journal, job: Omit<NewJob, 'freezing'>): JobRecord =>
  journal.add({ ...job, freezing: freeze(job.plan, '0.0.0', readScript) });
