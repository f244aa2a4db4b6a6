// A step's unit: polled by a command of the plan, and watched to its end.

import { byWatchedClock, type WatchedMs } from '../../remote/deadline.ts';
import { readUnitReport, type UnitReport } from '../../remote/unit.ts';
import type { FailedStep, StepTools } from '../plan/step-work.ts';
import { abortWords } from '../runner/abort.ts';
import { failed } from '../runner/step-end.ts';

/** undefined: the host did not answer, or the answer is not understood. That says nothing about the unit. */
export async function pollUnit(
  { run }: Pick<StepTools, 'run'>,
  key: string,
  target?: string,
): Promise<UnitReport | undefined> {
  const answer = await run(key, { again: true, ...(target !== undefined && { target }) });
  return answer.ok ? readUnitReport(answer.stdout) : undefined;
}

/** Its host may be away for this long: it may be restarting. */
const silenceLimitMs = 10 * 60_000;

export interface Silence {
  readonly silentMs: number;
  readonly leftMs: number;
}

interface Watch {
  readonly key: string;
  /** The target whose command it is; absent: the step's own command. */
  readonly target?: string;
  readonly everyMs: number;
  /** Prepares what the unit needs to continue. */
  readonly beforeLook?: () => Promise<void>;
  /** Called at every answer, the last one too. */
  readonly onReport: (report: UnitReport) => void;
  /** Called when its host does not answer: for how long so far, and how much longer it is waited for. */
  readonly onSilence?: (silence: Silence) => void;
  /** Why it is given up when its host stays away: the words before `for 10 min`, and what to do. */
  readonly silent: string;
  readonly advice: string;
}

/** The unit's report when it has ended; or why that is unknown. */
export const untilEnded = (tools: StepTools, watch: Watch): Promise<UnitReport | FailedStep> =>
  byWatchedClock((watchedMs) => watchedToEnd(tools, watch, watchedMs));

async function watchedToEnd(
  tools: StepTools,
  { key, target, everyMs, beforeLook, onReport, onSilence, silent, advice }: Watch,
  watchedMs: WatchedMs,
): Promise<UnitReport | FailedStep> {
  let answeredMs = watchedMs();
  while (!tools.signal.aborted) {
    await beforeLook?.();
    const unit = await pollUnit(tools, key, target);
    if (unit) {
      answeredMs = watchedMs();
      onReport(unit);
      if (unit.state.kind !== 'running') return unit;
    } else {
      const silentMs = watchedMs() - answeredMs;
      if (silentMs > silenceLimitMs) return failed(`${silent} for ${silenceLimitMs / 60_000} min`, advice);
      if (!tools.signal.aborted) onSilence?.({ silentMs, leftMs: silenceLimitMs - silentMs });
    }
    await tools.pause(everyMs);
  }
  return failed(abortWords);
}

/** The lines of the unit's log; those of ssh end as on a terminal. */
export const linesOf = ({ log }: UnitReport): string[] =>
  log
    .toString('utf8')
    .split(/\r?\n/)
    .filter((line) => line !== '');
