// Watches a snapshot while a step reads it: warns, extends it, or cancels the step before its data becomes worthless.

import type { PlannedCommand } from '../job/plan/plan.ts';
import type { StepEnd, StepTools } from '../job/plan/step-work.ts';
import { pause } from '../job/runner/pause.ts';
import { notDone } from '../job/runner/step-end.ts';
import { whileWatched } from '../job/runner/while-watched.ts';
import type { RemoteFailure } from '../remote/failure.ts';
import { bytesIn, namedBy, snapshotWords } from '../scripts/snapshot-words.ts';
import { shortSize } from '../text/amounts.ts';
import { judgeUse, msToFull, soonMs, spaceLine, type UseJudgement, type UseSample, withSample } from './judge-use.ts';
import { nameOf } from './snapshot-commands.ts';
import { readUse, type SnapshotUse } from './use.ts';

export interface GuardedSnapshot {
  readonly group: string;
  readonly volume: string;
  /** Empty if it is only known once the job has taken the snapshot; then `job` identifies it. */
  readonly uuid: string;
  readonly origin: string;
  /** The key of the job that takes it; empty: it belongs to another job, or to none. */
  readonly job: string;
  /** Sizes of a classic snapshot and of its origin, which is the most it can need. A thin snapshot has no space of its own. */
  readonly sizes?: { readonly bytes: number; readonly originBytes: number };
}

export interface GuardOptions {
  readonly nowMs: () => number;
  readonly everyMs: number;
  /** Called at each look, for the job's screen. */
  readonly onUse?: (use: SnapshotUse, fullInMs: number | undefined) => void;
}

const useKey = 'guard-use';
const extendKey = 'guard-extend-';
const deadlineMs = 30_000;
/** A single failed look says nothing about the snapshot, but the final look must succeed. */
const lastLooks = 10;

/** The guard's commands, to be added to those of the step that it guards. Each extension doubles the snapshot. */
export function guardCommands(host: string, snapshot: GuardedSnapshot): Record<string, PlannedCommand> {
  const { job, sizes } = snapshot;
  const command = (verb: 'use' | 'extend', own: { readonly bytes?: number }): PlannedCommand => ({
    host,
    script: 'snapshot',
    args: snapshotWords(verb, snapshot, { job, ...own }),
    deadlineMs,
  });
  const commands: Record<string, PlannedCommand> = { [useKey]: command('use', {}) };
  if (!sizes || sizes.bytes <= 0) return commands;
  for (let bytes = sizes.bytes, step = 1; bytes < sizes.originBytes; step++) {
    bytes = Math.min(bytes * 2, sizes.originBytes);
    commands[`${extendKey}${step}`] = command('extend', { bytes });
  }
  return commands;
}

/** Whether a step reads a snapshot that has to be watched. */
export const isGuarded = ({ commands }: Pick<StepTools['step'], 'commands'>): boolean => useKey in commands;

/**
 * Does `work` while the snapshot is watched, and looks once more afterwards: if the snapshot was lost during the copy
 * and that was noticed only after its end, the copy is worthless. The guard cancels the work by its own `signal` and
 * `pause`.
 */
export async function whileGuarded<Tools extends StepTools>(
  tools: Tools,
  work: (tools: Tools) => Promise<StepEnd>,
  options: GuardOptions,
): Promise<StepEnd> {
  let beside: (() => string) | undefined;
  const onUse: GuardOptions['onUse'] = (use, fullInMs) => {
    const seenMs = options.nowMs();
    beside = () => spaceLine(use, fullInMs, options.nowMs() - seenMs);
    options.onUse?.(use, fullInMs);
  };
  const guard = guardOf(tools, { ...options, onUse });
  const progress: Tools['progress'] = (told) => tools.progress({ ...told, ...(beside && { beside: beside() }) });
  const watching = (signal: AbortSignal, callOff: () => void) => watch(guard, options, signal, callOff);
  const { end, seen: trouble } = await whileWatched({ ...tools, progress }, work, watching);
  if (trouble || tools.signal.aborted) return trouble ?? end;
  return (await lastWord(guard, options, tools.signal, end.ok)) ?? end;
}

interface Guard {
  /** Looks at the snapshot, reports, and extends it. */
  readonly look: () => Promise<Looked>;
  readonly name: string;
}

/** The result of a look; undefined: the host could not answer. */
type Looked = { readonly judgement: UseJudgement; readonly fullInMs: number | undefined } | undefined;

async function watch(
  { look }: Guard,
  { everyMs }: GuardOptions,
  signal: AbortSignal,
  callOff: () => void,
): Promise<StepEnd | undefined> {
  while (!signal.aborted) {
    const looked = await look();
    if (looked?.judgement.verdict === 'over') {
      callOff();
      return endOf(looked.judgement);
    }
    // A snapshot that fills fast is looked at more often.
    const fullInMs = looked?.fullInMs ?? Number.POSITIVE_INFINITY;
    await pause(fullInMs <= soonMs ? Math.min(everyMs, 1000) : everyMs, signal);
  }
  return undefined;
}

/** After a complete read, the snapshot must be known to be valid to the end. */
async function lastWord(
  { look, name }: Guard,
  { everyMs }: GuardOptions,
  signal: AbortSignal,
  needed: boolean,
): Promise<StepEnd | undefined> {
  for (let looks = 0; looks < (needed ? lastLooks : 1) && !signal.aborted; looks++) {
    const looked = await look();
    if (looked) return looked.judgement.verdict === 'over' ? endOf(looked.judgement) : undefined;
    if (needed) await pause(everyMs, signal);
  }
  if (!needed) return undefined;
  return {
    ok: false,
    message: `whether ${name} was whole to the end is not known`,
    advice: 'seed again when its host answers',
  };
}

const endOf = ({ why, advice }: Extract<UseJudgement, { verdict: 'over' }>): StepEnd => ({
  ok: false,
  message: why,
  advice,
});

function guardOf(tools: StepTools, { nowMs, onUse }: GuardOptions): Guard {
  const { run, step, note } = tools;
  const command = step.commands[useKey];
  if (!command) throw new Error(`the plan of ${step.name} has no command ${useKey}`);
  const name = nameOf(namedBy(command.args));
  const place = { name, host: command.host };
  let samples: readonly UseSample[] = [];
  let warned = false;
  let canExtend = true;

  const tighten = async (use: SnapshotUse, fullInMs: number | undefined) => {
    if (!warned) note(`! ${place.name} on ${place.host}: ${spaceLine(use, fullInMs)}`);
    warned = true;
    const key = canExtend ? nextExtension(step.commands, use.roomBytes) : undefined;
    if (key === undefined) return;
    const answer = await run(key);
    canExtend = answer.ok || answer.kind !== 'exit';
    if (answer.ok) note(`${place.name} was extended to ${shortSize(Number(answer.stdout.trim()))}`);
    else note(`${place.name} could not be extended: ${notDone(answer).message}`);
  };
  const look = async (): Promise<Looked> => {
    const answer = await run(useKey, { again: true });
    if (!answer.ok) return gone(answer);
    const use = readUse(answer.stdout);
    if (!use) return undefined;
    samples = withSample(samples, nowMs(), use);
    const fullInMs = msToFull(samples, use);
    onUse?.(use, fullInMs);
    const judgement = judgeUse(place, use, fullInMs);
    if (judgement.verdict === 'tight') await tighten(use, fullInMs);
    return { judgement, fullInMs };
  };
  return { look, name: place.name };
}

/** The script ends with 3 where the snapshot no longer exists, or is another one. */
function gone(answer: RemoteFailure): Looked {
  if (answer.kind !== 'exit' || answer.code !== 3) return undefined;
  const why = `the snapshot is lost: ${notDone(answer).message}`;
  return { judgement: { verdict: 'over', why, advice: 'take another one' }, fullInMs: undefined };
}

/** The first extension that makes it larger than it is. */
function nextExtension(commands: StepTools['step']['commands'], roomBytes: number): string | undefined {
  const keys = Object.keys(commands).filter((key) => key.startsWith(extendKey));
  return keys.find((key) => bytesIn(commands[key]?.args ?? []) > roomBytes);
}
