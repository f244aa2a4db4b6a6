// About how long a job still takes: by the rate of its bytes, and by how long earlier jobs took for the same kinds of
// steps. Pure.

import { type JobRecord, type StepRecord, workedMs } from '../journal/record.ts';
import { lanesOf } from '../lanes.ts';
import type { PlannedStep } from '../plan/plan.ts';
import { currentRate, remainingMs, type Sample } from './throughput.ts';

/** How long a kind of step took last, and for how many bytes, where it counts them. */
interface Took {
  readonly ms: number;
  readonly bytes: number | undefined;
}

/** By kind of step. */
export type UsualTimes = ReadonlyMap<string, Took>;

/** `past`: the newest first. Only steps that were done count. */
export function usualTimes(past: readonly JobRecord[]): UsualTimes {
  const usual = new Map<string, Took>();
  for (const { plan, steps } of past) {
    for (const record of steps) {
      const work = plan.steps.find(({ name }) => name === record.name)?.work;
      const ms = record.state === 'done' ? workedMs(record, true, 0) : undefined;
      if (work === undefined || ms === undefined || usual.has(work)) continue;
      usual.set(work, { ms, bytes: record.progress?.totalBytes });
    }
  }
  return usual;
}

interface Watched {
  readonly job: JobRecord;
  readonly samples: readonly Sample[];
}

/** Steps of several targets go on side by side. undefined: a step is to come of whose kind none was done before, or nothing moves now. */
export function timeLeftMs({ job, samples }: Watched, usual: UsualTimes, nowMs: number): number | undefined {
  if (job.state !== 'running') return undefined;
  const totalBytes = Math.max(0, ...job.steps.map(({ progress }) => progress?.totalBytes ?? 0)) || undefined;
  const left = (planned: PlannedStep): number | undefined => {
    const record = job.steps.find(({ name }) => name === planned.name);
    if (record === undefined || record.state === 'waiting') return scaled(usual.get(planned.work), totalBytes);
    return record.state === 'running' ? runningLeft(record, usual.get(planned.work), samples, nowMs) : 0;
  };
  const sumOf = (lane: string | undefined) =>
    job.plan.steps
      .filter((step) => step.lane === lane)
      .reduce<number | undefined>((sum, step) => {
        const ms = left(step);
        return sum === undefined || ms === undefined ? undefined : sum + ms;
      }, 0);
  const shared = sumOf(undefined);
  const lanes = lanesOf(job.plan).map(sumOf);
  if (shared === undefined || lanes.includes(undefined)) return undefined;
  return shared + Math.max(0, ...lanes.map((ms) => ms ?? 0));
}

function runningLeft(record: StepRecord, took: Took | undefined, samples: readonly Sample[], nowMs: number) {
  const { doneBytes, totalBytes } = record.progress ?? {};
  if (doneBytes !== undefined && totalBytes !== undefined) {
    return remainingMs(doneBytes, totalBytes, currentRate(samples));
  }
  return took && Math.max(0, took.ms - (workedMs(record, false, nowMs) ?? 0));
}

/** A step that moves bytes takes as long as there are bytes. */
const scaled = (took: Took | undefined, bytes: number | undefined): number | undefined =>
  took && (took.bytes && bytes ? took.ms * (bytes / took.bytes) : took.ms);

/** `about 40 s left`, `about 4 min left`, `about 2 h left`. Rounded up: a job that is earlier than it said is no trouble. */
export function leftText(ms: number): string {
  const seconds = Math.max(10, Math.ceil(ms / 10_000) * 10);
  if (seconds < 60) return `about ${seconds} s left`;
  const minutes = Math.ceil(seconds / 60);
  return minutes < 100 ? `about ${minutes} min left` : `about ${Math.ceil(minutes / 60)} h left`;
}
