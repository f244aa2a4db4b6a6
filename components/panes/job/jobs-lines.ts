// The jobs of a host, running and past. Pure.
import { isOver } from '../../../src/job/journal/record.ts';
import type { JobView } from '../../../src/job/journal/watch.ts';
import { signsOf } from '../../base/theme.ts';
import { truncateSpans } from '../../base/width.ts';
import { joined, type PaneScene, type PaneText, span } from '../fields.ts';
import { briefAndAge } from './job-words.ts';

/** How many past jobs are listed here; the Jobs screen has all of them. */
const maxPast = 5;

export function jobsPane(jobs: readonly JobView[], { nowMs, look, width }: PaneScene): PaneText {
  const unfinished = jobs.filter(({ job }) => !isOver(job.state));
  const past = jobs.filter(({ job }) => isOver(job.state)).slice(0, maxPast);
  const lines = [...unfinished, ...past].map((view) =>
    truncateSpans([span(' '), ...briefAndAge(view, nowMs, look)], width, signsOf(look).ellipsis),
  );
  const [newest] = [...unfinished, ...past];
  const text = newest && briefAndAge(newest, nowMs, look).map((part) => part.text);
  return {
    title: 'jobs',
    summary: text ? joined(look, text.join(''), unfinished.length > 1 && `${unfinished.length} under way`) : 'none',
    lines: lines.length > 0 ? lines : [[span(' none', 'dim')]],
  };
}
