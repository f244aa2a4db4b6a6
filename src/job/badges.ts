// The badges of jobs and of their steps. Pure.
import type { Badge } from '../text/badge.ts';
import type { JobRecord, JobState, StepRecord, StepState } from './record.ts';
import type { Carried } from './runner-state.ts';

const jobBadges: Readonly<Record<JobState, Badge>> = {
  planned: { sign: 'waiting', word: 'starting', tone: 'accent' },
  running: { sign: 'running', word: 'running', tone: 'accent' },
  releasing: { sign: 'running', word: 'releasing', tone: 'accent' },
  done: { sign: 'good', word: 'done', tone: 'good' },
  failed: { sign: 'bad', word: 'failed', tone: 'bad' },
  aborted: { sign: 'none', word: 'aborted', tone: 'warning' },
  'cleanup-needed': { sign: 'bad', word: 'cleanup needed', tone: 'bad' },
};

/** Not over, and its runner has ended. */
const diedBadge: Badge = { sign: 'warning', word: 'runner died', tone: 'warning' };
/** Not over, and its runner on another machine has not renewed its lease. */
const lapsedBadge: Badge = { sign: 'warning', word: 'not renewed', tone: 'warning' };

export const jobBadge = ({ state }: Pick<JobRecord, 'state'>, { abandoned, lapsed }: Carried): Badge =>
  abandoned ? diedBadge : lapsed ? lapsedBadge : jobBadges[state];

export const stepBadges: Readonly<Record<StepState, Badge>> = {
  waiting: { sign: 'down', word: 'waiting', tone: 'dim' },
  running: { sign: 'running', word: 'running', tone: 'accent' },
  done: { sign: 'good', word: 'done', tone: 'good' },
  failed: { sign: 'bad', word: 'failed', tone: 'bad' },
  skipped: { sign: 'none', word: 'skipped', tone: 'dim' },
};

/** Done, but not for every target. */
const partlyDoneBadge: Badge = { sign: 'warning', word: 'done in part', tone: 'warning' };

export const stepBadge = ({ state, lost = {} }: Pick<StepRecord, 'state' | 'lost'>): Badge =>
  state === 'done' && Object.keys(lost).length > 0 ? partlyDoneBadge : stepBadges[state];
