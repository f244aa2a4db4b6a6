// The badges of what schedules were to begin. A run that was begun has the badge of its job.
import type { RunState } from '../job/journal/schedules.ts';
import type { Badge } from '../text/badge.ts';

export const runBadges: Readonly<Record<Exclude<RunState, 'begun'>, Badge>> = {
  waiting: { sign: 'waiting', word: 'waits', tone: 'accent' },
  refused: { sign: 'bad', word: 'refused', tone: 'bad' },
  failed: { sign: 'bad', word: 'not planned', tone: 'bad' },
  missed: { sign: 'warning', word: 'missed', tone: 'warning' },
  nothing: { sign: 'good', word: 'nothing to do', tone: 'good' },
  elsewhere: { sign: 'none', word: 'elsewhere', tone: 'dim' },
  dropped: { sign: 'none', word: 'dropped', tone: 'dim' },
};
