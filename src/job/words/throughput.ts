// The rate of a job's bytes, from the progress of its steps. Pure.
import { msFor, perSecond } from '../../text/rate.ts';
import type { JobRecord } from '../journal/record.ts';

/** The number of bytes done at a time, in milliseconds since 1970. */
export interface Sample {
  readonly atMs: number;
  readonly doneBytes: number;
}

/** Two minutes of a runner that reports twice a second: as wide as a screen. */
const maxSamples = 240;
/** A rate is averaged over the last seconds: a single sample jumps about. */
const rateOverMs = 10_000;

/** The sum of all running steps. undefined: none of them counts bytes. */
export function doneBytesOf({ steps }: Pick<JobRecord, 'steps'>): number | undefined {
  const counted = steps.flatMap(({ state, progress }) =>
    state === 'running' && progress?.doneBytes !== undefined ? [progress.doneBytes] : [],
  );
  return counted.length === 0 ? undefined : counted.reduce((sum, bytes) => sum + bytes, 0);
}

/**
 * The samples with one more. If there are fewer bytes than before, it is another step, or a new runner: the samples
 * start again.
 */
export function sampled(samples: readonly Sample[], doneBytes: number | undefined, atMs: number): readonly Sample[] {
  const last = samples.at(-1);
  if (doneBytes === undefined) return samples.length === 0 ? samples : [];
  if (!last || doneBytes < last.doneBytes) return [{ atMs, doneBytes }];
  if (doneBytes === last.doneBytes && atMs - last.atMs < 1000) return samples;
  return [...samples, { atMs, doneBytes }].slice(-maxSamples);
}

const measured = (sample: Sample | undefined) => sample && { atMs: sample.atMs, amount: sample.doneBytes };

/** The rate between each sample and the previous one. */
export const rates = (samples: readonly Sample[]): number[] =>
  samples.slice(1).map((sample, index) => perSecond(measured(samples[index]), measured(sample)) ?? 0);

/** After this long without change nothing counts as moving. */
const stallMs = 5000;

/** Bytes a second over the last seconds; 0 if nothing moves any more; undefined: too few samples yet. */
export function currentRate(samples: readonly Sample[]): number | undefined {
  const last = samples.at(-1);
  const still = samples.find(({ doneBytes }) => doneBytes === last?.doneBytes);
  // An earlier rate says nothing about the end.
  if (last && still && last.atMs - still.atMs >= stallMs) return 0;
  const first = samples.find(({ atMs }) => last !== undefined && last.atMs - atMs <= rateOverMs);
  return perSecond(measured(first), measured(last));
}

/** Milliseconds until everything is done at that rate; undefined: unknown. */
export const remainingMs = (doneBytes: number, totalBytes: number | undefined, rate: number | undefined) =>
  totalBytes === undefined ? undefined : msFor(totalBytes - doneBytes, rate);
