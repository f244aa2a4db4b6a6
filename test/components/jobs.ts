// Jobs for the tests of what shows them: those that were recorded on the practice fleet, and made ones with what else is to be
// different.
import { readFileSync } from 'node:fs';
import type { JobRecord } from '../../src/job/journal/record.ts';
import type { JobView } from '../../src/job/journal/watch.ts';

interface RecordedJobs {
  readonly recordedAtMs: number;
  /** The newest first. 11: a restart whose runner was killed while it waited for the server. 9: a start that failed. */
  readonly views: readonly JobView[];
}

export function recordedJobs(): RecordedJobs {
  const text = readFileSync(new URL('../fixtures/jobs/restarts.json', import.meta.url), 'utf8');
  return JSON.parse(text) as RecordedJobs;
}

export function jobNumbered(views: readonly JobView[], id: number): JobView {
  const found = views.find(({ job }) => job.id === id);
  if (!found) throw new Error(`job ${id} was not recorded`);
  return found;
}

export const changedJob = (view: JobView, change: Partial<JobRecord>): JobView => ({
  ...view,
  job: { ...view.job, ...change },
});
