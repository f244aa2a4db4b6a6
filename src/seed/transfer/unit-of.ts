// A unit of a step: asked by a command of the plan, and watched to its end.

import type { FailedStep, StepTools } from '../../job/plan/step-work.ts';
import { abortWords } from '../../job/runner/abort.ts';
import { failed } from '../../job/runner/step-end.ts';
import { byWatchedClock, type WatchedMs } from '../../remote/deadline.ts';
import { readUnitReport, type UnitReport } from '../../remote/unit.ts';

/** undefined: the host did not answer, or not so that it was understood. That says nothing of the unit. */
export async function pollUnit(
  { run }: Pick<StepTools, 'run'>,
  key: string,
  target?: string,
): Promise<UnitReport | undefined> {
  const answer = await run(key, { again: true, ...(target !== undefined && { target }) });
  return answer.ok ? readUnitReport(answer.stdout) : undefined;
}

/** Its host may be away for so long: it may be restarting. */
const silenceLimitMs = 10 * 60_000;

export interface Silence {
  readonly silentMs: number;
  readonly leftMs: number;
}

interface Watch {
  readonly key: string;
  /** Whose command that is; absent: the step's own. */
  readonly target?: string;
  readonly everyMs: number;
  /** What has to stand for the unit to go on. */
  readonly beforeLook?: () => Promise<void>;
  /** Told at every answer, the last one too. */
  readonly onReport: (report: UnitReport) => void;
  /** Its host does not answer: for how long already, and for how long it is still waited for. */
  readonly onSilence?: (silence: Silence) => void;
  /** Why it is given up when its host stays away: the words before `for 10 min`, and what to do. */
  readonly silent: string;
  readonly advice: string;
}

/** The report of the unit when it runs no more; or why that is not known. */
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

/** What the unit's log has to say, in lines; those of ssh end as on a terminal. */
export const linesOf = ({ log }: UnitReport): string[] =>
  log
    .toString('utf8')
    .split(/\r?\n/)
    .filter((line) => line !== '');
