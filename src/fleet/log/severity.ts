// Which lines of a log are shown. A line that names no severity is always shown: the stack trace of a crash is one.
import type { Severity } from '../../host/facts.ts';
import type { LogEntry } from './view.ts';

export const minimumSeverities = ['error', 'warning', 'note'] as const;
export type MinimumSeverity = (typeof minimumSeverities)[number];

/** MySQL's System lines (starting, ready, ended) are shown among warnings. */
const ranks: Readonly<Record<Severity, number>> = { error: 0, warning: 1, system: 1, note: 2 };

export function isShownAt(least: MinimumSeverity, { severity }: LogEntry): boolean {
  return severity === undefined || ranks[severity] <= ranks[least];
}

/** The letter of a severity, for screens without colour. */
export const severityLetters: Readonly<Record<Severity, string>> = { error: 'E', warning: 'W', note: 'N', system: 'S' };
