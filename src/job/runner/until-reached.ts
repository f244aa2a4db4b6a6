// For how long a host that can't be reached is retried: a lost connection may come back, and a host may restart.
import type { RemoteFailure } from '../../remote/failure.ts';
import type { ExecResult } from '../../remote/remote.ts';
import type { JobRecord } from '../journal/record.ts';
import type { PlannedStep } from '../plan/plan.ts';

const soonMs = [1000, 5000];
const laterMs = 10_000;
/** A host that restarts after a power cut takes minutes. */
const rebootMs = 10 * 60_000;

/**
 * How long to retry after the first tries. Long enough for a restart of the host, if this lane has already made what
 * the job is for: an undo would lose that. 0: no longer.
 */
export function patienceMs(
  { resources, plan, steps, state }: Pick<JobRecord, 'resources' | 'plan' | 'steps' | 'state'>,
  { lane, volatile }: PlannedStep,
): number {
  // A resumed job that takes its lock anew: what it has copied so far is worth the same wait.
  if (volatile && state === 'running' && hasBegun(plan, steps)) return rebootMs;
  if (lane === undefined) return 0;
  const kept = plan.steps.filter((step) => step.lane === lane && step.acquires?.whenDone === 'keep');
  const held = new Set(resources.filter(({ state }) => state === 'held').map(({ step }) => step));
  return kept.some(({ name }) => held.has(name)) ? rebootMs : 0;
}

/** Whether a step of it was begun that is not run anew by each runner. */
function hasBegun(plan: JobRecord['plan'], steps: JobRecord['steps']): boolean {
  const anew = new Set(plan.steps.filter(({ volatile }) => volatile).map(({ name }) => name));
  return steps.some(({ name, state }) => state !== 'waiting' && !anew.has(name));
}

interface Trying {
  /** Called after each failed try. */
  readonly patienceMs: () => number;
  readonly nowMs: () => number;
  readonly pause: (ms: number) => Promise<void>;
  readonly signal: AbortSignal;
  /** Called at each failed try. */
  readonly onAway: (why: RemoteFailure, givenUpAfterMs: number | undefined) => void;
}

type Answer = ExecResult | RemoteFailure;

/**
 * What did not come in our time, or what a script gave up waiting for on a busy host (124: the login of sql_client, prelude.sh), says nothing of the host:
 * it is asked again as long as one that can't be reached is waited for, and before there is anything to lose it is the answer.
 */
export const isLate = (answer: RemoteFailure): boolean =>
  answer.kind === 'timeout' || (answer.kind === 'exit' && answer.code === 124);

/** Whether it may come, if it is waited for. */
export const mayCome = (answer: Answer): answer is RemoteFailure =>
  !answer.ok && (answer.kind === 'unreachable' || isLate(answer));

/** Every command of a step can be repeated. When aborted, returns the last answer at once. */
export async function untilReached(say: () => Promise<Answer>, trying: Trying): Promise<Answer> {
  const { nowMs, pause, signal, onAway } = trying;
  const sinceMs = nowMs();
  for (let tries = 1; ; tries++) {
    const answer = await say();
    if (!mayCome(answer) || signal.aborted) return answer;
    const awayMs = nowMs() - sinceMs;
    const patience = trying.patienceMs();
    onAway(answer, patience > 0 ? patience : undefined);
    const waitMs = soonWaitMs(answer, tries) ?? (awayMs < patience ? laterMs : undefined);
    if (waitMs === undefined) return answer;
    await pause(waitMs);
  }
}

/** A late answer has been waited for already. */
const soonWaitMs = (answer: RemoteFailure, tries: number) => (isLate(answer) ? undefined : soonMs[tries - 1]);
