// How fast a job's bytes go, from what its steps told of their progress. Pure.
import { msFor, perSecond } from '../../text/rate.ts';
import type { JobRecord } from '../journal/record.ts';

/** Bytes that were done at a time, in milliseconds since 1970. */
export interface Sample {
  readonly atMs: number;
  readonly doneBytes: number;
}

/** Two minutes of a runner that tells twice a second: as wide as a screen. */
const maxSamples = 240;
/** A rate is that of the last seconds: one sample alone jumps about. */
const rateOverMs = 10_000;

/** Of all steps that run. undefined: none of them counts bytes. */
export function doneBytesOf({ steps }: Pick<JobRecord, 'steps'>): number | undefined {
  const counted = steps.flatMap(({ state, progress }) =>
    state === 'running' && progress?.doneBytes !== undefined ? [progress.doneBytes] : [],
  );
  return counted.length === 0 ? undefined : counted.reduce((sum, bytes) => sum + bytes, 0);
}

/** The samples with one more. Fewer bytes than before are another step's, or a runner's that began again: it starts anew. */
export function sampled(samples: readonly Sample[], doneBytes: number | undefined, atMs: number): readonly Sample[] {
  const last = samples.at(-1);
  if (doneBytes === undefined) return samples.length === 0 ? samples : [];
  if (!last || doneBytes < last.doneBytes) return [{ atMs, doneBytes }];
  if (doneBytes === last.doneBytes && atMs - last.atMs < 1000) return samples;
  return [...samples, { atMs, doneBytes }].slice(-maxSamples);
}

const measured = (sample: Sample | undefined) => sample && { atMs: sample.atMs, amount: sample.doneBytes };

/** Between each sample and the one before it. */
export const rates = (samples: readonly Sample[]): number[] =>
  samples.slice(1).map((sample, index) => perSecond(measured(samples[index]), measured(sample)) ?? 0);

/** From how long a stillness on nothing is taken to move any more. */
const stallMs = 5000;

/** Bytes a second over the last seconds; 0 where nothing moves any more; undefined: too little was seen yet. */
export function currentRate(samples: readonly Sample[]): number | undefined {
  const last = samples.at(-1);
  const still = samples.find(({ doneBytes }) => doneBytes === last?.doneBytes);
  // What was moved before says nothing of when it will end.
  if (last && still && last.atMs - still.atMs >= stallMs) return 0;
  const first = samples.find(({ atMs }) => last !== undefined && last.atMs - atMs <= rateOverMs);
  return perSecond(measured(first), measured(last));
}

/** Milliseconds until all is done at that rate; undefined: it is unknown. */
export const remainingMs = (doneBytes: number, totalBytes: number | undefined, rate: number | undefined) =>
  totalBytes === undefined ? undefined : msFor(totalBytes - doneBytes, rate);
