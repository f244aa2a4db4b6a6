// Jobs for the tests of screens and verbs: recorded on the practice fleet, or made here with the given differences.
import { readFileSync } from 'node:fs';
import type { JobRecord, StepRecord } from '../../src/job/journal/record.ts';
import type { JobView } from '../../src/job/journal/watch.ts';
import type { Plan, PlannedStep } from '../../src/job/plan/plan.ts';

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

/** A seed of two targets in the middle of its copy. */
export function seedInCopy(copy: Partial<StepRecord>, samples: JobView['samples'] = []): JobView {
  const { recordedAtMs: nowMs, views } = recordedJobs();
  const step = (name: string, title: string): PlannedStep => ({
    name,
    title,
    host: 'db1',
    work: name,
    input: {},
    commands: {},
  });
  const steps = ['lock', 'snapshot', 'copy', 'verify', 'start', 'attach'].map((name) => step(name, `${name} db1`));
  const plan: Plan = { kind: 'seed', title: 'seed db1 → db4, db6', hosts: ['db1', 'db4', 'db6'], destroys: [], steps };
  const records = steps.map(({ name }, index): StepRecord => {
    if (name === 'copy') return { name, state: 'running', startedMs: nowMs - 60_000, ...copy };
    return index < 2
      ? { name, state: 'done', startedMs: nowMs - 70_000, endedMs: nowMs - 69_400 }
      : { name, state: 'waiting' };
  });
  const { job } = jobNumbered(views, 11);
  return {
    job: { ...job, id: 17, plan, steps: records, resources: [], createdMs: nowMs - 134_000 },
    abandoned: false,
    samples,
  };
}

/** The same with a step of its own for each target, which waits. */
export function withTargets(view: JobView, ...targets: readonly string[]): JobView {
  const steps = targets.map((lane): PlannedStep => {
    return {
      name: `start ${lane}`,
      title: `start mysql on ${lane}`,
      host: lane,
      lane,
      work: 'start',
      input: {},
      commands: {},
    };
  });
  const waiting = steps.map(({ name }): StepRecord => ({ name, state: 'waiting' }));
  const { job } = view;
  return changedJob(view, {
    plan: { ...job.plan, steps: [...job.plan.steps.slice(0, 4), ...steps] },
    steps: [...job.steps.slice(0, 4), ...waiting],
  });
}
