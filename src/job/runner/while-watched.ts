// Runs a step's work and, beside it, a watch on what the work depends on. Each can end the other, and neither is left
// running alone.

import type { StepEnd, StepTools } from '../plan/step-work.ts';
import { pause } from './pause.ts';

interface Watched<Seen> {
  readonly end: StepEnd;
  /** The watch's result. */
  readonly seen: Seen;
  readonly isCalledOff: boolean;
}

/**
 * `watch` looks until its signal aborts: when the work is over or the job is aborted. By `callOff` it ends the work's
 * `signal` and `pause`. A look that throws (the journal can't be written, say) ends the work at once, and the error is
 * thrown when the work has ended. Until then the watch's promise is not awaited, and Node would end the process for an
 * unhandled failure.
 */
export async function whileWatched<Tools extends StepTools, Seen>(
  tools: Tools,
  work: (tools: Tools) => Promise<StepEnd>,
  watch: (signal: AbortSignal, callOff: () => void) => Promise<Seen>,
): Promise<Watched<Seen>> {
  const [off, over] = [new AbortController(), new AbortController()];
  const signal = AbortSignal.any([tools.signal, off.signal]);
  const callOff = () => off.abort();
  const watching = watch(AbortSignal.any([signal, over.signal]), callOff).then(
    (seen) => ({ seen }),
    (thrown: unknown) => {
      callOff();
      return { thrown };
    },
  );
  const own = { ...tools, signal, pause: (ms: number) => pause(ms, signal) };
  const end = await work(own).finally(() => over.abort());
  const watched = await watching;
  if ('thrown' in watched) throw watched.thrown;
  return { end, seen: watched.seen, isCalledOff: off.signal.aborted };
}
