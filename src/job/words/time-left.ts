// About how long a job still takes: by the rate of its bytes, and by how long earlier jobs took for the same kinds of
// steps. Pure.

import { type JobRecord, type StepRecord, workedMs } from '../journal/record.ts';
import { isLost, lostLanes } from '../lanes.ts';
import type { PlannedStep } from '../plan/plan.ts';
import { currentRate, remainingMs, type Sample } from './throughput.ts';

/** How long a kind of step took last, and for how many bytes, where it counts them. */
interface Took {
  readonly ms: number;
  readonly bytes: number | undefined;
}

/** By kind of step. */
export type UsualTimes = ReadonlyMap<string, Took>;

/** `past`: the newest first. Only steps that were done count, of jobs on one of these hosts: another fleet's say nothing of a large server. */
export function usualTimes(past: readonly JobRecord[], hosts: readonly string[]): UsualTimes {
  const usual = new Map<string, Took>();
  for (const { plan, steps } of past.filter(({ plan }) => plan.hosts.some((host) => hosts.includes(host)))) {
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

/**
 * A runner does one step after the other, those of several targets too. undefined: a step is to come of whose kind none was done before, or whose
 * bytes are not known yet; one takes longer than the last one did; or nothing moves now.
 */
export function timeLeftMs({ job, samples }: Watched, usual: UsualTimes, nowMs: number): number | undefined {
  if (job.state !== 'running') return undefined;
  const totalBytes = Math.max(0, ...job.steps.map(({ progress }) => progress?.totalBytes ?? 0)) || undefined;
  const left = (planned: PlannedStep): number | undefined => {
    const record = job.steps.find(({ name }) => name === planned.name);
    if (record === undefined || record.state === 'waiting') return scaled(usual.get(planned.work), totalBytes);
    return record.state === 'running' ? runningLeft(record, usual.get(planned.work), samples, nowMs) : 0;
  };
  const lost = lostLanes(job);
  return job.plan.steps
    .filter(({ lane }) => lane === undefined || !isLost(lost, lane))
    .reduce<number | undefined>((sum, step) => {
      const ms = left(step);
      return sum === undefined || ms === undefined ? undefined : sum + ms;
    }, 0);
}

function runningLeft(record: StepRecord, took: Took | undefined, samples: readonly Sample[], nowMs: number) {
  const { doneBytes, totalBytes } = record.progress ?? {};
  if (doneBytes !== undefined && totalBytes !== undefined) {
    return remainingMs(doneBytes, totalBytes, currentRate(samples));
  }
  const leftMs = took && took.ms - (workedMs(record, false, nowMs) ?? 0);
  return leftMs === undefined || leftMs < 0 ? undefined : leftMs;
}

/** A step that moves bytes takes as long as there are bytes: how many, the first that counts them tells. */
function scaled(took: Took | undefined, bytes: number | undefined): number | undefined {
  if (took?.bytes === undefined || took.bytes === 0) return took?.ms;
  return bytes === undefined ? undefined : took.ms * (bytes / took.bytes);
}

/** `about 40 s left`, `about 4 min left`, `about 2 h left`. Rounded up: a job that is earlier than it said is no trouble. */
export function leftText(ms: number): string {
  const seconds = Math.max(10, Math.ceil(ms / 10_000) * 10);
  if (seconds < 60) return `about ${seconds} s left`;
  const minutes = Math.ceil(seconds / 60);
  return minutes < 100 ? `about ${minutes} min left` : `about ${Math.ceil(minutes / 60)} h left`;
}
