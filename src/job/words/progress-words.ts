// The troubles of a running step: the number of the try, why the previous one failed, for how long no byte came. Pure.

import { shortDuration } from '../../text/amounts.ts';
import { bytesPerSecondText } from '../../text/rate.ts';
import { clockText } from '../../text/times.ts';
import type { HostAway, JobRecord, StepProgress } from '../journal/record.ts';

type Troubled = Pick<StepProgress, 'try' | 'stalledMs' | 'away' | 'lanes'>;

/** `try 3 of 3`, `no byte for 2 min`, of one target `db6: no byte for 2 min`, and each host that is away; empty while the first try goes well. */
export function troubleWords({ try: tried, stalledMs, away = [], lanes = {} }: Troubled): readonly string[] {
  return [
    ...(tried ? [`try ${tried.number} of ${tried.of}`] : []),
    ...(stalledMs === undefined ? [] : [`no byte for ${shortDuration(stalledMs)}`]),
    ...Object.entries(lanes).flatMap(([lane, told]) =>
      told.stalledMs === undefined ? [] : [`${lane}: no byte for ${shortDuration(told.stalledMs)}`],
    ),
    ...awayWords(away),
  ];
}

/** `no answer from db2 since 14:35:17 UTC (3 tries): no route to host`. A time, not a duration: it stays true during a long try. */
export const awayWords = (away: readonly HostAway[]): readonly string[] =>
  away.map(({ host, sinceMs, tries, givenUpAfterMs, why }) => {
    const tried = `${tries} ${tries === 1 ? 'try' : 'tries'}`;
    const limit = givenUpAfterMs === undefined ? '' : `, given up after ${shortDuration(givenUpAfterMs)}`;
    return `no answer from ${host} since ${clockText(new Date(sinceMs))} (${tried}${limit}): ${why}`;
  });

/** The same with the step's own text, which for a stalled copy says for how long, and what happens next. */
export function progressHint(progress: StepProgress): readonly string[] {
  const { stalledMs, doneBytes, text, try: tried, away = [] } = progress;
  if (stalledMs === undefined || doneBytes === undefined) return troubleWords(progress);
  return [...(tried ? troubleWords({ try: tried }) : []), text, ...awayWords(away)];
}

/** The last report of the job's running step; undefined: no step runs, or it has reported nothing. */
export const progressNow = ({ steps }: Pick<JobRecord, 'steps'>): StepProgress | undefined =>
  steps.find(({ state }) => state === 'running')?.progress;

/**
 * `412M/s`; `stalled` if the runner saw that nothing moves. Empty if it is unknown: there is only no new report, the
 * runner has ended or just begun, and the copy may go on by itself.
 */
export function rateText(
  rate: number | undefined,
  { doneBytes = 0, stalledMs }: Pick<StepProgress, 'doneBytes' | 'stalledMs'>,
): string {
  if (rate !== undefined && rate > 0) return bytesPerSecondText(rate);
  if (stalledMs !== undefined && doneBytes > 0) return 'stalled';
  return rate === 0 && doneBytes === 0 ? 'no byte yet' : '';
}
