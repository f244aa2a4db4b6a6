// The journal's record of a job, as types.
import type { RemoteTarget } from '../../remote/remote.ts';
import type { Lease } from '../lease/lease.ts';
import type { ProcessId } from '../lease/process-id.ts';
import type { Frozen } from '../plan/frozen.ts';
import { type Json, lastSteps, type Plan } from '../plan/plan.ts';

/**
 * `planned`: recorded, and no runner has begun. `running`, then `releasing` what it held, then one of the ends.
 * `cleanup-needed`: it failed or was aborted, and a resource that it made could not be released.
 */
export const jobStates = ['planned', 'running', 'releasing', 'done', 'failed', 'aborted', 'cleanup-needed'] as const;
export type JobState = (typeof jobStates)[number];

export const stepStates = ['waiting', 'running', 'done', 'failed', 'skipped'] as const;
/** `skipped`: an earlier step of its lane failed. */
export type StepState = (typeof stepStates)[number];

/** `wanted`: the step that makes it has begun; whether it exists is unknown. `left`: it could not be released. */
export const resourceStates = ['wanted', 'held', 'released', 'kept', 'left'] as const;
export type ResourceState = (typeof resourceStates)[number];

/** Whether a job has still to take it away, or to try that again. */
export const isToRelease = (state: ResourceState): boolean => ['wanted', 'held', 'left'].includes(state);

/** The operator who started a job, for the audit. */
export interface Who {
  readonly account: string;
  /** The account before sudo. */
  readonly sudoUser?: string;
  /** The machine that reseed runs on. */
  readonly jumpHost: string;
  /** The first two words of SSH_CONNECTION: address and port that the operator came from. */
  readonly from?: string;
  /** The schedule that began it, of that account. */
  readonly schedule?: string;
  /** The rule that began it, of that account. */
  readonly rule?: string;
}

export interface JobRecord {
  readonly id: number;
  /** A random word, `9f3a4c21`: marks what the job makes on a host. Ids are unique only on one jump host. */
  readonly key: string;
  readonly plan: Plan;
  /** Absent: recorded by a reseed that kept no scripts with its jobs. */
  readonly frozen?: Frozen;
  /** How each host of the plan is reached: a job keeps these even if the inventory changes. */
  readonly targets: readonly RemoteTarget[];
  readonly state: JobState;
  readonly who: Who;
  readonly createdMs: number;
  readonly startedMs?: number;
  readonly endedMs?: number;
  /** For how long it had no runner, in all; absent: never. */
  readonly idleMs?: number;
  readonly abortRequested: boolean;
  /** Its present or last runner; absent: none yet, or a reseed without leases. */
  readonly lease?: Lease;
  /** The process that starts its runner, later the runner's own. */
  readonly runner?: ProcessId;
  /** Why it failed. Clean, one line. */
  readonly error?: string;
  readonly steps: readonly StepRecord[];
  readonly resources: readonly ResourceRecord[];
}

export interface StepRecord {
  readonly name: string;
  readonly state: StepState;
  /** Start and end for the present or last runner. */
  readonly startedMs?: number;
  readonly endedMs?: number;
  /** The time that earlier runners worked on it, until they were last heard of; absent: there was none. */
  readonly spentMs?: number;
  /** When its progress was last reported. */
  readonly toldMs?: number;
  /** The work's result, for later steps. */
  readonly result?: Json;
  /** Lanes that failed here, each with the reason. */
  readonly lost?: Readonly<Record<string, string>>;
  readonly progress?: StepProgress;
}

/** A host of a step that can't be reached now, and is retried. */
export interface HostAway {
  readonly host: string;
  /** When the first failed try began. */
  readonly sinceMs: number;
  /** Failed tries in a row. */
  readonly tries: number;
  /** Time after which the retries stopped; absent: only a few tries were made. */
  readonly givenUpAfterMs?: number;
  /** Why the last try failed. One line, clean. */
  readonly why: string;
}

export interface StepProgress {
  /** One line, clean. */
  readonly text: string;
  readonly doneBytes?: number;
  readonly totalBytes?: number;
  /** How far a replica is behind its source. */
  readonly lagSeconds?: number;
  /** The bytes of these that had to be sent, before compression; absent: all. */
  readonly sentBytes?: number;
  /** Bytes a second that may be sent now, in all; 0: no limit. Absent: not told. */
  readonly limit?: number;
  /** Bytes a second of each of the parallel connections; null: unknown yet. */
  readonly streams?: readonly (number | null)[];
  /** For this long no byte has moved, earlier tries included; `text` says what happens next. */
  readonly stalledMs?: number;
  /** Present from the second try on: `try 2 of 3`. */
  readonly try?: { readonly number: number; readonly of: number };
  /** Why the previous try failed. One line, clean. */
  readonly lastError?: string;
  /** Hosts that are retried now. The runner adds them to the progress of the work. */
  readonly away?: readonly HostAway[];
  /** Where the work is, for a runner that goes on with it: of the work's own form. */
  readonly place?: Json;
  /** Other watched figures, in words: `snapshot space 12 % (full in 3 h)`. */
  readonly beside?: string;
  /** The progress of each lane, where the step works for several. */
  readonly lanes?: Readonly<Record<string, Omit<StepProgress, 'lanes'>>>;
}

export interface ResourceRecord {
  readonly step: string;
  readonly what: string;
  readonly state: ResourceState;
  /** A restart that its host still needs, and no resource on it. */
  readonly isOwed?: true;
}

/** A command that ran, for the audit. */
export interface CommandRecord {
  readonly step: string;
  readonly key: string;
  readonly host: string;
  readonly script: string;
  /** The SHA-256 of the script's text, in hex. */
  readonly scriptSha256: string;
  readonly args: readonly string[];
  readonly startedMs: number;
  readonly tookMs: number;
  /** The exit status; absent if there was none. */
  readonly code?: number;
  /** Clean: why it failed, or its standard error. For a command that undoes something, what it reports as done. */
  readonly said: string;
}

/** How far a step had come at a time. */
export interface StepSample {
  readonly step: string;
  /** Since 1970. */
  readonly atMs: number;
  readonly doneBytes?: number;
  readonly lagSeconds?: number;
}

/** Every step is done, for every lane. */
export function isComplete({ plan, steps }: Pick<JobRecord, 'plan' | 'steps'>): boolean {
  const last = new Set(lastSteps(plan).map(({ name }) => name));
  return steps.every(({ name, state, lost }) => last.has(name) || (state === 'done' && !lost));
}

/**
 * What a runner that takes the job has to do: steps, or no step any more. `undo`: a step failed, or the operator
 * requested the abort.
 */
export function toDo(
  job: Pick<JobRecord, 'state' | 'abortRequested' | 'plan' | 'steps'>,
): 'steps' | 'undo' | 'release' {
  if (job.state !== 'releasing') return job.abortRequested ? 'undo' : 'steps';
  return isComplete(job) ? 'release' : 'undo';
}

/** Whether no part of the job will run any more. */
export const isOver = (state: JobState): boolean => overStates.includes(state);

export const overStates: readonly JobState[] = ['done', 'failed', 'aborted', 'cleanup-needed'];

type Timed = Pick<JobRecord, 'createdMs' | 'startedMs' | 'endedMs' | 'idleMs' | 'steps' | 'lease'>;

/** When its last runner was last heard of: what it wrote, and its renewals. */
export const heardMs = ({ createdMs, startedMs, endedMs, steps, lease }: Timed): number => {
  const ofSteps = steps.flatMap((step) => [step.startedMs, step.endedMs, step.toldMs]);
  const all = [createdMs, startedMs, endedMs, lease?.renewedMs, ...ofSteps];
  return Math.max(...all.filter((ms) => ms !== undefined));
};

/** For how long it has had a runner, until its end or until now. */
export const ranMs = ({ createdMs, endedMs, idleMs = 0 }: Timed, nowMs: number): number =>
  Math.max(0, (endedMs ?? nowMs) - createdMs - idleMs);

/** Whether a runner has worked on it. A skipped step has times in the journal too: when it was passed over. */
export const hasBegun = ({ state }: Pick<StepRecord, 'state'>): boolean => state !== 'waiting' && state !== 'skipped';

/** For how long runners have worked on a step; undefined: unknown, since a runner died and did not report. */
export function workedMs({ startedMs, endedMs, spentMs = 0, toldMs }: StepRecord, abandoned: boolean, nowMs: number) {
  if (startedMs === undefined) return undefined;
  const untilMs = endedMs ?? (abandoned ? toldMs : nowMs);
  return untilMs === undefined ? undefined : spentMs + Math.max(0, untilMs - startedMs);
}

/** `newest`, and those of `open` that it lacks. Both arguments and the result have the newest first. */
export function withOpen(newest: readonly JobRecord[], open: readonly JobRecord[]): readonly JobRecord[] {
  const known = new Set(newest.map(({ id }) => id));
  return [...newest, ...open.filter(({ id }) => !known.has(id))].sort((one, other) => other.id - one.id);
}
