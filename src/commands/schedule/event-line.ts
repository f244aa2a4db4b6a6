// A line for each thing that a tick did: for a terminal, a log of cron's and systemd's journal.

import type { TickEvent } from '../../operations/schedules/ticking.ts';
import { runBadges } from '../../schedule/badges.ts';
import { missedText } from '../../schedule/words.ts';
import { shortDuration } from '../../text/amounts.ts';

const onTimeMs = 120_000;

/** `nightly: job 57 on db2, due 3 h ago, after 2 missed times`; `nightly: db2 waits: db2: job 41 (seed db1 to db2) works there` */
export function eventLine({ run, end }: TickEvent, nowMs: number): string {
  const hosts = run.hosts.join(', ');
  if (end.state !== 'begun')
    return `${run.schedule}: ${hosts} ${runBadges[end.state].word}${end.reason === undefined ? '' : `: ${end.reason}`}`;
  const lateMs = nowMs - run.dueMs;
  const late = lateMs > onTimeMs ? `, due ${shortDuration(lateMs)} ago` : '';
  return `${run.schedule}: job ${end.job} on ${hosts}${late}${missedText(run.missed)}`;
}
