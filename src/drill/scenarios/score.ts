// What a scenario was worth, and the sheet of a team. Pure.
import { markdownTable, shown } from '../../text/markdown.ts';
import { clockDuration } from '../../text/times.ts';
import type { Scenario } from './scenario.ts';

const wholePoints = 100;
const perHint = 10;
const perLateMinute = 2;
/** Of a goal that is reached. */
const leastPoints = 10;

/** One that has ended. */
export interface Result {
  readonly scenario: string;
  /** Milliseconds since 1970. */
  readonly startedMs: number;
  readonly endedMs: number;
  readonly hints: number;
  /** False: it was given up. */
  readonly reached: boolean;
}

export function pointsOf(
  { startedMs, endedMs, hints, reached }: Result,
  { minutes }: Pick<Scenario, 'minutes'>,
): number {
  if (!reached) return 0;
  const lateMinutes = Math.max(0, Math.ceil((endedMs - startedMs) / 60_000 - minutes));
  return Math.max(leastPoints, wholePoints - perHint * hints - perLateMinute * lateMinutes);
}

/** As Markdown: every try in the order of time, then the scenarios that were not tried. */
export function scoreSheet(team: string, results: readonly Result[], scenarios: readonly Scenario[]): string[] {
  const rows = results.flatMap((result) => {
    const scenario = scenarios.find(({ name }) => name === result.scenario);
    return scenario ? [{ result, scenario, points: pointsOf(result, scenario) }] : [];
  });
  const best = scenarios.map((scenario) =>
    Math.max(0, ...rows.filter((row) => row.scenario === scenario).map(({ points }) => points)),
  );
  const reached = scenarios.filter(({ name }) => rows.some(({ result }) => result.scenario === name && result.reached));
  const total = best.reduce((sum, points) => sum + points, 0);
  const done = rows.map(({ result, scenario, points }) => [
    `${scenario.name}: ${scenario.title}`,
    utcMinute(result.startedMs),
    result.reached ? 'reached' : 'given up',
    `${clockDuration(result.endedMs - result.startedMs)} (${scenario.minutes}:00)`,
    `${result.hints} of ${scenario.hints.length}`,
    String(points),
  ]);
  const open = scenarios
    .filter(({ name }) => !rows.some(({ result }) => result.scenario === name))
    .map(({ name, title, minutes }) => [`${name}: ${title}`, '', 'not tried', `(${minutes}:00)`, '', '0']);
  return [
    `# Drills of ${shown(team)}`,
    '',
    `**${total} of ${wholePoints * scenarios.length} points**, ${reached.length} of ${scenarios.length} scenarios. Of each scenario the best try counts.`,
    '',
    ...markdownTable(['scenario', 'when', 'goal', 'time (of)', 'hints', 'points'], [...done, ...open]),
    '',
    `A goal that is reached has ${wholePoints} points, less ${perHint} for each hint and ${perLateMinute} for each minute after its time; ${leastPoints} at least. The fleet itself has checked each goal.`,
  ];
}

const utcMinute = (ms: number): string => `${new Date(ms).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
