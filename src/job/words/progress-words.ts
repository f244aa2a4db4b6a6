// What stands against a step that runs: which try it is, why the one before it failed, for how long no byte came. Pure.

import { shortDuration } from '../../text/amounts.ts';
import { bytesPerSecondText } from '../../text/rate.ts';
import { clockText } from '../../text/times.ts';
import type { HostAway, JobRecord, StepProgress } from '../journal/record.ts';

type Troubled = Pick<StepProgress, 'try' | 'stalledMs' | 'away'>;

/** `try 3 of 3`, `no byte for 2 min`, and of each host that is away; none where the first try goes well. */
export function troubleWords({ try: tried, stalledMs, away = [] }: Troubled): readonly string[] {
  return [
    ...(tried ? [`try ${tried.number} of ${tried.of}`] : []),
    ...(stalledMs === undefined ? [] : [`no byte for ${shortDuration(stalledMs)}`]),
    ...awayWords(away),
  ];
}

/** `no answer from db2 since 14:35:17 UTC (3 tries): no route to host`. A time stays true while the next try takes long. */
export const awayWords = (away: readonly HostAway[]): readonly string[] =>
  away.map(({ host, sinceMs, tries, givenUpAfterMs, why }) => {
    const tried = `${tries} ${tries === 1 ? 'try' : 'tries'}`;
    const limit = givenUpAfterMs === undefined ? '' : `, given up after ${shortDuration(givenUpAfterMs)}`;
    return `no answer from ${host} since ${clockText(new Date(sinceMs))} (${tried}${limit}): ${why}`;
  });

/** The same with what the step says itself, which of a copy that stands still is for how long, and what comes of it. */
export function progressHint(progress: StepProgress): readonly string[] {
  const { stalledMs, doneBytes, text, try: tried, away = [] } = progress;
  if (stalledMs === undefined || doneBytes === undefined) return troubleWords(progress);
  return [...(tried ? troubleWords({ try: tried }) : []), text, ...awayWords(away)];
}

/** What the job's running step has told last; undefined: no step runs, or it has told nothing. */
export const progressNow = ({ steps }: Pick<JobRecord, 'steps'>): StepProgress | undefined =>
  steps.find(({ state }) => state === 'running')?.progress;

/**
 * `412M/s`; `stalled` where the runner saw that nothing moves. Where only nothing new is told, its runner ended or only just began, and
 * the copy may go on by itself: `?/s`.
 */
export function rateText(
  rate: number | undefined,
  { doneBytes = 0, stalledMs }: Pick<StepProgress, 'doneBytes' | 'stalledMs'>,
): string {
  if (rate !== undefined && rate > 0) return bytesPerSecondText(rate);
  if (stalledMs !== undefined && doneBytes > 0) return 'stalled';
  return rate === 0 && doneBytes === 0 ? 'no byte yet' : bytesPerSecondText(undefined);
}
