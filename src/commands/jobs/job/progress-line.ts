// A job's progress and rate on one line, for a terminal that watches its log. Pure.

import type { JobRecord, StepProgress } from '../../../job/journal/record.ts';
import { awayOfOthers } from '../../../job/words/doing-words.ts';
import { progressHint, rateText } from '../../../job/words/progress-words.ts';
import { currentRate, remainingMs, type Sample } from '../../../job/words/throughput.ts';
import { shortDuration, shortSize } from '../../../text/amounts.ts';
import { bytesPerSecondText } from '../../../text/rate.ts';

/** `54 %, 120G of 221G, 412M/s, 4 min to go (200M/s + 212M/s); snapshot space 12 %`; empty: no running step counts anything. */
export function progressLine({ steps }: Pick<JobRecord, 'steps'>, samples: readonly Sample[]): string {
  const running = steps.find(({ state, progress }) => state === 'running' && progress !== undefined);
  const progress = running?.progress;
  if (!progress) return awayOfOthers({ steps }).join('; ');
  const { doneBytes, totalBytes, text, beside, lastError } = progress;
  const trouble = [
    ...progressHint(progress),
    ...awayOfOthers({ steps }),
    ...(lastError === undefined ? [] : [`last error: ${lastError}`]),
    ...(beside === undefined ? [] : [beside]),
  ];
  if (doneBytes === undefined || totalBytes === undefined) return [text, ...trouble].filter(Boolean).join('; ');
  const rate = currentRate(samples);
  const left = remainingMs(doneBytes, totalBytes, rate);
  const far = [
    `${totalBytes > 0 ? Math.floor((doneBytes / totalBytes) * 100) : 100} %`,
    `${shortSize(doneBytes)} of ${shortSize(totalBytes)}`,
    rateText(rate, progress),
    left === undefined ? '' : `${shortDuration(left)} to go`,
  ].filter(Boolean);
  return [`${far.join(', ')}${streamsText(progress)}`, ...trouble].join('; ');
}

function streamsText({ streams = [] }: StepProgress): string {
  if (streams.length < 2 || streams.every((rate) => rate === null)) return '';
  return ` (${streams.map(bytesPerSecondText).join(' + ')})`;
}
