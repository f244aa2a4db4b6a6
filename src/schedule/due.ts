// Which times of a schedule have come since it was looked at last. Pure.
import type { CronTimes } from '../text/cron.ts';

export interface Due {
  /** Times until then were looked at. */
  readonly checkedMs: number;
  /** The newest time that has come; absent: none. */
  readonly due?: {
    readonly dueMs: number;
    /** Times before it that came too: they are not made up for one by one. */
    readonly missed: number;
  };
}

/** Of a clock that is put back further, the time before was wrong. Vixie's cron has the same figure. */
const repairedMs = 3 * 3_600_000;
export const countedMost = 1000;

/**
 * `checkedMs`: what the last look returned. A machine that was off and a clock that was put forward look alike: the newest time is made up for
 * once. Where the clock was put back by less than three hours, a fixed hour is not repeated.
 */
export function dueAt(times: CronTimes, checkedMs: number, nowMs: number): Due {
  if (nowMs < checkedMs) {
    const isRepeated = times.isFixed && checkedMs - nowMs <= repairedMs;
    return { checkedMs: isRepeated ? checkedMs : nowMs };
  }
  const dueMs = times.last(nowMs);
  if (dueMs === undefined || dueMs <= checkedMs) return { checkedMs: nowMs };
  const missed = times.next(checkedMs, countedMost).filter((ms) => ms < dueMs).length;
  return { checkedMs: nowMs, due: { dueMs, missed } };
}
