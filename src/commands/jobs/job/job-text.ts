// A job as `reseed job show` prints it: a line each. Pure, but for the present time.
import {
  type CommandRecord,
  hasBegun,
  isOver,
  type JobRecord,
  type StepRecord,
  workedMs,
} from '../../../job/journal/record.ts';
import { type Carried, standsStill } from '../../../job/lease/runner-state.ts';
import { everyStep } from '../../../job/plan/plan.ts';
import { whoLine } from '../../../job/who.ts';
import { jobBadge, jobBadges, resourceBadge, stepBadge, stepBadges } from '../../../job/words/badges.ts';
import { awayWords, troubleWords } from '../../../job/words/progress-words.ts';
import { standstillText } from '../../../operations/jobs/words/died-words.ts';
import { endSentences } from '../../../operations/jobs/words/end-words.ts';
import { limitText, shortSize } from '../../../text/amounts.ts';
import { badgeText, signOf } from '../../../text/badge.ts';
import { clockDuration, clockText, dayText, stepDuration } from '../../../text/times.ts';

interface Known {
  /** `4`, or `jump2:4` */
  readonly name: string;
  readonly commands: readonly CommandRecord[];
  /** What its journal can't tell. */
  readonly untold: readonly string[];
  readonly limitBytesPerSecond?: number | undefined;
  /** Why nothing is known to work on it, in place of the words about this machine's journal. */
  readonly still?: string | undefined;
  /** The jump host of which it is; left out: this one. */
  readonly from?: string | undefined;
}

export function jobText(
  job: JobRecord,
  carried: Carried,
  { name, commands, untold, limitBytesPerSecond, still, from }: Known,
): readonly string[] {
  const isStill = standsStill(carried);
  const titles = new Map(everyStep(job.plan).map(({ name, title }) => [name, title]));
  const isEnded = isOver(job.state);
  return [
    `job ${name} · ${job.plan.title} · ${badgeText(jobBadge(job, carried))}`,
    ...(isStill ? [still ?? standstillText(job, carried)] : []),
    `asked for by ${whoLine(job.who)}; marked ${job.key} on its hosts`,
    timesLine(job),
    ...(limitBytesPerSecond === undefined ? [] : [limitLine(job.id, limitBytesPerSecond)]),
    ...job.steps.flatMap((step) =>
      stepLines({ ...step, name: titles.get(step.name) ?? step.name }, isStill, Date.now(), isEnded),
    ),
    ...job.resources.map((resource) => `  ${badgeText(resourceBadge(resource, isStill))}  ${resource.what}`),
    ...(job.error ? [`${signOf(jobBadges.failed)} ${job.error}`] : []),
    ...endSentences(job, commands, from),
    ...untold,
  ];
}

const limitLine = (id: number, bytes: number): string =>
  bytes === 0 ? `no limit: reseed job limit ${id} 20M sets one` : `at most ${limitText(bytes)}: reseed job limit ${id}`;

/** `begun 2026-11-28 02:10:11 UTC, ended 2026-11-28 02:14:02 UTC, 03:51 in all` */
export function timesLine({ createdMs, endedMs }: JobRecord): string {
  const begun = `begun ${dayText(new Date(createdMs))}`;
  if (endedMs === undefined) return begun;
  return `${begun}, ended ${dayText(new Date(endedMs))}, ${clockDuration(endedMs - createdMs)} in all`;
}

/**
 * `▶ copy db2 → db3  134.2 s  12G of 287G; try 3 of 3; no byte for 2 min`, why the previous try failed, and which lanes
 * failed. The clean name is in `step.name`.
 */
export function stepLines(step: StepRecord, abandoned: boolean, nowMs: number, over = false): string[] {
  const { name, state, progress, lost = {} } = step;
  const worked = hasBegun(step) ? workedMs(step, abandoned, nowMs) : undefined;
  const running = state === 'running' ? progress : undefined;
  const told = running
    ? [running.text, ...troubleWords(running), running.beside].filter(Boolean)
    : awayWords(progress?.away ?? []);
  const words = abandoned && (running || told.length > 0) ? [`last told${toldText(step)}`, ...told] : told;
  const sign = signOf(stepBadge(step, { isStill: abandoned, isOver: over }));
  return [
    [`${sign} ${name}`, worked === undefined ? '' : stepDuration(worked), words.join('; ')].filter(Boolean).join('  '),
    ...laneLines(running),
    ...(running?.lastError === undefined ? [] : [`    last error: ${running.lastError}`]),
    ...Object.entries(lost).map(([lane, why]) => `    ${signOf(stepBadges.failed)} ${lane}: ${why}`),
  ];
}

/** Where a step works for several targets, a line each: `db6: 87M of 313M; nothing has moved for 20 s; ...`. */
function laneLines(running: StepRecord['progress']): string[] {
  const lanes = Object.entries(running?.lanes ?? {});
  if (lanes.length < 2) return [];
  return lanes.map(([lane, { doneBytes, totalBytes, text }]) => {
    const far =
      doneBytes === undefined
        ? []
        : [`${shortSize(doneBytes)} of ${totalBytes === undefined ? '?' : shortSize(totalBytes)}`];
    return `    ${lane}: ${[...far, text].filter(Boolean).join('; ')}`;
  });
}

/** ` 14:35:17 UTC`; empty: unknown. */
const toldText = ({ toldMs }: StepRecord) => (toldMs === undefined ? '' : ` ${clockText(new Date(toldMs))}`);
