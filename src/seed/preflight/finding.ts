// The result of one check before a seed.
import type { Badge } from '../../text/badge.ts';
import type { Side } from '../request.ts';

export interface Finding {
  readonly host: string;
  /** `unknown`: the check had no answer, and the seed goes on without it. */
  readonly level: 'pass' | 'unknown' | 'warn' | 'refuse';
  /** What was checked, with its figure: `room for the data: 1.9 GB free, 430 MB needed`. */
  readonly text: string;
  /** What to do about it; empty if there is nothing to do. */
  readonly advice: string;
}

export const findingBadges: Readonly<Record<Finding['level'], Badge>> = {
  pass: { sign: 'good', word: 'passed', tone: 'good' },
  unknown: { sign: 'unknown', word: 'unknown', tone: 'warning' },
  warn: { sign: 'warning', word: 'warning', tone: 'warning' },
  refuse: { sign: 'bad', word: 'refused', tone: 'bad' },
};

/** Makes the findings of one side. */
export function judging({ host }: Pick<Side, 'host'>) {
  const finding =
    (level: Finding['level']) =>
    (text: string, advice = ''): Finding => ({ host: host.name, level, text, advice });
  return { pass: finding('pass'), unknown: finding('unknown'), warn: finding('warn'), refuse: finding('refuse') };
}
