// A step's work, and beside it a watch on what the work depends on: either may end the other, and neither is left to run on alone.

import type { StepEnd, StepTools } from '../plan/step-work.ts';
import { pause } from './pause.ts';

interface Watched<Seen> {
  readonly end: StepEnd;
  /** What the watch answered. */
  readonly seen: Seen;
  readonly isCalledOff: boolean;
}

/**
 * `watch` looks until its signal ends, which is when the work is over or the job is aborted; by `callOff` it ends the work's `signal` and
 * `pause`. A look that throws (the journal, say, can't be written) ends the work at once, and is thrown when that has ended: until then
 * the watch is not waited for, and Node ends a process for a promise that fails unheard.
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
