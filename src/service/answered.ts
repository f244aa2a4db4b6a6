// A look at a server that is started or stopped: one that was not answered in time says nothing of the server, and is asked once more.
import type { StepTools } from '../job/plan/step-work.ts';
import type { RemoteFailure } from '../remote/failure.ts';
import type { ExecResult } from '../remote/remote.ts';
import { shortDuration } from '../text/amounts.ts';

/** A host that answers no look for so long is not only busy. */
const mostLateMs = 10 * 60_000;
const againMs = 1000;

/** `nowMs`: a clock that does not count while this machine was not scheduled. */
export async function answered(
  { run, progress, pause, signal, step }: Pick<StepTools, 'run' | 'progress' | 'pause' | 'signal' | 'step'>,
  key: string,
  nowMs: () => number,
): Promise<ExecResult | RemoteFailure> {
  const sinceMs = nowMs();
  for (;;) {
    const answer = await run(key, { again: true });
    const lateMs = nowMs() - sinceMs;
    if (answer.ok || answer.kind !== 'timeout' || signal.aborted || lateMs >= mostLateMs) return answer;
    progress({ text: `${step.host} has given no answer for ${shortDuration(lateMs)}: it is asked again` });
    await pause(againMs);
  }
}
