// The badges of jobs, of their steps, and of what they make on hosts. Pure.
import type { Badge } from '../../text/badge.ts';
import type { JobRecord, JobState, ResourceRecord, ResourceState, StepRecord, StepState } from '../journal/record.ts';
import type { Carried } from '../lease/runner-state.ts';

export const jobBadges: Readonly<Record<JobState, Badge>> = {
  planned: { sign: 'waiting', word: 'starting', tone: 'accent' },
  running: { sign: 'running', word: 'running', tone: 'accent' },
  releasing: { sign: 'running', word: 'releasing', tone: 'accent' },
  done: { sign: 'good', word: 'done', tone: 'good' },
  failed: { sign: 'bad', word: 'failed', tone: 'bad' },
  aborted: { sign: 'none', word: 'aborted', tone: 'warning' },
  'cleanup-needed': { sign: 'bad', word: 'cleanup needed', tone: 'bad' },
};

/** Not over, and its runner has ended. */
export const diedBadge: Badge = { sign: 'warning', word: 'runner died', tone: 'warning' };
/** Not over, and its runner on another machine has not renewed its lease. */
export const lapsedBadge: Badge = { sign: 'warning', word: 'not renewed', tone: 'warning' };

/** Its record in the journal can't be read. */
export const damagedBadge: Badge = { sign: 'bad', word: 'damaged', tone: 'bad' };

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
export const partlyDoneBadge: Badge = { sign: 'warning', word: 'done in part', tone: 'warning' };

/** Its runner is not known to live: how far the step came since is unknown. */
const brokenOffBadge: Badge = { sign: 'unknown', word: 'broken off', tone: 'warning' };

/** The job ended before it. */
export const notRunBadge: Badge = { sign: 'none', word: 'not run', tone: 'dim' };

interface Job {
  /** It is not known to be running. */
  readonly isStill: boolean;
  /** It runs no more steps. */
  readonly isOver: boolean;
}

export function stepBadge({ state, lost = {} }: Pick<StepRecord, 'state' | 'lost'>, job?: Job): Badge {
  if (job?.isStill && state === 'running') return brokenOffBadge;
  if (job?.isOver && state === 'waiting') return notRunBadge;
  return state === 'done' && Object.keys(lost).length > 0 ? partlyDoneBadge : stepBadges[state];
}

/** Resources of a job on hosts. `wanted`: its step is running, like the copy's. */
export const resourceBadges: Readonly<Record<ResourceState, Badge>> = {
  wanted: { sign: 'running', word: 'in use', tone: 'plain' },
  held: { sign: 'up', word: 'held', tone: 'plain' },
  kept: { sign: 'good', word: 'kept', tone: 'plain' },
  released: { sign: 'none', word: 'removed', tone: 'dim' },
  left: { sign: 'bad', word: 'left', tone: 'bad' },
};

/** An action that a host still needs, recorded like a resource: a restart was done, or is no longer needed. */
export const owedBadge: Badge = { sign: 'none', word: 'no longer due', tone: 'dim' };

/** The step that makes it was broken off with its runner. */
const perhapsBadge: Badge = { sign: 'unknown', word: 'perhaps made', tone: 'warning' };

/** `isStill`: of a job that is not known to be running. */
export function resourceBadge({ isOwed, state }: Pick<ResourceRecord, 'isOwed' | 'state'>, isStill = false): Badge {
  if (isStill && state === 'wanted') return perhapsBadge;
  return isOwed && state === 'released' ? owedBadge : resourceBadges[state];
}

/** The badge of a host while a seed replaces its data. */
export const seedingBadge: Badge = { sign: 'running', word: 'seeding', tone: 'accent' };
