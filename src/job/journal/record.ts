// What the journal has of a job, as types.
import type { RemoteTarget } from '../../remote/remote.ts';
import type { Lease } from '../lease/lease.ts';
import type { ProcessId } from '../lease/process-id.ts';
import type { Frozen } from '../plan/frozen.ts';
import type { Json, Plan } from '../plan/plan.ts';

/**
 * `planned`: written down, and no runner has begun. `running`, then `releasing` what it held, then one of the ends.
 * `cleanup-needed`: it failed or was aborted, and something that it made could not be taken away.
 */
export const jobStates = ['planned', 'running', 'releasing', 'done', 'failed', 'aborted', 'cleanup-needed'] as const;
export type JobState = (typeof jobStates)[number];

export const stepStates = ['waiting', 'running', 'done', 'failed', 'skipped'] as const;
/** `skipped`: an earlier step of its lane failed. */
export type StepState = (typeof stepStates)[number];

/** `wanted`: the step that makes it has begun; whether it stands is not known. `left`: it could not be taken away. */
export const resourceStates = ['wanted', 'held', 'released', 'kept', 'left'] as const;
export type ResourceState = (typeof resourceStates)[number];

/** Who asked for a job, for the audit. */
export interface Who {
  readonly account: string;
  /** The account before sudo. */
  readonly sudoUser?: string;
  /** The machine that reseed runs on. */
  readonly jumpHost: string;
  /** The first two words of SSH_CONNECTION: address and port that the operator came from. */
  readonly from?: string;
}

export interface JobRecord {
  readonly id: number;
  /** A random word, `9f3a4c21`: marks what the job makes on a host. Ids are only unlike on one jump host. */
  readonly key: string;
  readonly plan: Plan;
  /** Absent: written down by a reseed that kept no scripts with its jobs. */
  readonly frozen?: Frozen;
  /** How each host of the plan is reached: a job goes on as it began, whatever becomes of the inventory. */
  readonly targets: readonly RemoteTarget[];
  readonly state: JobState;
  readonly who: Who;
  readonly createdMs: number;
  readonly startedMs?: number;
  readonly endedMs?: number;
  readonly abortRequested: boolean;
  /** Its runner, or its last one; absent: none yet, or a reseed that knew no leases. */
  readonly lease?: Lease;
  /** The process that starts its runner, then the runner's own. */
  readonly runner?: ProcessId;
  /** Why it failed. Clean, one line. */
  readonly error?: string;
  readonly steps: readonly StepRecord[];
  readonly resources: readonly ResourceRecord[];
}

export interface StepRecord {
  readonly name: string;
  readonly state: StepState;
  /** By the runner that works on it now, or worked on it last. */
  readonly startedMs?: number;
  readonly endedMs?: number;
  /** What runners before that one worked on it, until they were last heard of; absent: there was none. */
  readonly spentMs?: number;
  /** When its progress was told last. */
  readonly toldMs?: number;
  /** What the work found out, for the steps after it. */
  readonly result?: Json;
  /** Lanes that were given up here, each with why. */
  readonly lost?: Readonly<Record<string, string>>;
  readonly progress?: StepProgress;
}

/** A host of a step that can't be reached now, and is tried again. */
export interface HostAway {
  readonly host: string;
  /** When the first try in vain began. */
  readonly sinceMs: number;
  /** Tries in vain, one after the other. */
  readonly tries: number;
  /** Absent: after a few tries. */
  readonly givenUpAfterMs?: number;
  /** Why the last of them failed. One line, clean. */
  readonly why: string;
}

export interface StepProgress {
  /** One line, clean. */
  readonly text: string;
  readonly doneBytes?: number;
  readonly totalBytes?: number;
  /** Bytes a second of each of the connections side by side; null: not known yet. */
  readonly streams?: readonly (number | null)[];
  /** For so long no byte has moved, tries before this one counted in: `text` says what comes of it. */
  readonly stalledMs?: number;
  /** Present from the second try on: `try 2 of 3`. */
  readonly try?: { readonly number: number; readonly of: number };
  /** Why the try before this one failed. One line, clean. */
  readonly lastError?: string;
  /** Hosts that are tried again now: the runner's own word, beside what the work tells. */
  readonly away?: readonly HostAway[];
  /** What is watched meanwhile, in words: `snapshot space 12 % (full in 3 h)`. */
  readonly beside?: string;
  /** Of each lane, where the step works for several. */
  readonly lanes?: Readonly<Record<string, Omit<StepProgress, 'lanes'>>>;
}

export interface ResourceRecord {
  readonly step: string;
  readonly what: string;
  readonly state: ResourceState;
  /** A restart that its host is owed, and no thing that stands there. */
  readonly isOwed?: true;
}

/** A command that ran, for the audit. */
export interface CommandRecord {
  readonly step: string;
  readonly key: string;
  readonly host: string;
  readonly script: string;
  /** Of the script's text, in hex. */
  readonly scriptSha256: string;
  readonly args: readonly string[];
  readonly startedMs: number;
  readonly tookMs: number;
  /** The exit status; absent where it did not come to one. */
  readonly code?: number;
  /** Clean; why it failed, or what it printed on standard error; of one that undoes something, what it says that it did. */
  readonly said: string;
}

/** Every step came to its end, for every lane. */
export const isComplete = ({ steps }: Pick<JobRecord, 'steps'>): boolean =>
  steps.every(({ state, lost }) => state === 'done' && !lost);

/** What a runner that takes the job up has to do: steps, or no step any more. `undo`: one failed, or the abort was asked for. */
export function toDo(job: Pick<JobRecord, 'state' | 'abortRequested' | 'steps'>): 'steps' | 'undo' | 'release' {
  if (job.state !== 'releasing') return job.abortRequested ? 'undo' : 'steps';
  return isComplete(job) ? 'release' : 'undo';
}

/** Whether nothing of the job will run any more. */
export const isOver = (state: JobState): boolean => overStates.includes(state);

const overStates: readonly JobState[] = ['done', 'failed', 'aborted', 'cleanup-needed'];

export const openStates: readonly JobState[] = jobStates.filter((state) => !isOver(state));

/** For how long runners have worked on a step; undefined: not known, since the one that died was not heard of. */
export function workedMs({ startedMs, endedMs, spentMs = 0, toldMs }: StepRecord, abandoned: boolean, nowMs: number) {
  if (startedMs === undefined) return undefined;
  const untilMs = endedMs ?? (abandoned ? toldMs : nowMs);
  return untilMs === undefined ? undefined : spentMs + Math.max(0, untilMs - startedMs);
}

/** `newest`, and those of `open` that are not among them. Both, and what is given, the newest first. */
export function withOpen(newest: readonly JobRecord[], open: readonly JobRecord[]): readonly JobRecord[] {
  const known = new Set(newest.map(({ id }) => id));
  return [...newest, ...open.filter(({ id }) => !known.has(id))].sort((one, other) => other.id - one.id);
}
