// What a tick works with, and what it tells.
import type { Inventory, Schedule } from '../../inventory/settings.ts';
import type { JobRecord } from '../../job/journal/record.ts';
import type { ScheduledRun } from '../../job/journal/schedules.ts';
import type { JobStore, PlannedJob } from '../jobs/job-store.ts';
import type { Author, Draft } from '../plans/draft.ts';
import type { Result } from '../result.ts';
import type { Decided } from './to-queue.ts';

/** One job that a schedule is to begin. */
export interface RunToPlan {
  readonly schedule: Schedule;
  /** The host of the job; of a seed all targets. */
  readonly hosts: readonly string[];
}

export interface Ticking {
  readonly store: JobStore;
  readonly inventory: Inventory;
  /** The inventory's absolute path. */
  readonly path: string;
  readonly nowMs: () => number;
  readonly plan: (run: RunToPlan, by: Author) => Promise<Result<Draft>>;
  /** Records a job and starts its runner. */
  readonly begin: (job: PlannedJob) => { readonly id: number };
  /** Ends the job of that key if no runner has begun it, and none will; false: one has, or there is no such job. */
  readonly withdraw: (key: string) => boolean;
  /** Which of these times are this jump host's, where several share them. Absent: it is the only one. */
  readonly claim?: (runs: readonly ScheduledRun[]) => Promise<readonly Claim[]>;
  /** Why nothing is known to work on a job; undefined: its runner does. */
  readonly stillOf: (job: JobRecord) => string | undefined;
  /** An operator asks for this one now: no time is looked at, and no other is begun. */
  readonly only?: Schedule;
  /** If it is aborted while hosts are asked, what the operator began is dropped, and other runs wait on. */
  readonly signal?: AbortSignal;
}

/** `mine`: it may begin. Else it is another's, or waits until that is known. */
export type Claim =
  | { readonly run: number; readonly is: 'mine' }
  | { readonly run: number; readonly is: 'elsewhere' | 'unknown'; readonly why: string };

/** What became of a run, or why it waits now. */
export type TickEvent = Decided;

export const isEnded = ({ signal }: Pick<Ticking, 'signal'>): boolean => signal?.aborted === true;
