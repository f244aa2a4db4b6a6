// What a step's work is given, and what it answers. The works themselves are in src/service, src/snapshot and src/seed.

import type { RemoteFailure } from '../remote/failure.ts';
import type { ExecResult } from '../remote/remote.ts';
import type { Json, PlannedStep } from './plan.ts';
import type { StepProgress } from './record.ts';

/**
 * The work of a step. It is run again after a runner that died in the middle of it, so it has to find out what stands already:
 * run twice is run once.
 */
export type StepWork = (tools: StepTools) => Promise<StepEnd>;

export type StepWorks = Readonly<Record<string, StepWork>>;

export interface RunOptions {
  readonly stdin?: string;
  /** It only looks, again and again: written down the first time, and when it fails. */
  readonly again?: boolean;
}

export interface StepTools {
  readonly step: PlannedStep;
  /** The job's, to mark what is made. */
  readonly jobKey: string;
  /** Runs a command of the step's plan, by its key. Journalled and logged, whatever its end. `stdin` is neither. */
  run(key: string, options?: RunOptions): Promise<ExecResult | RemoteFailure>;
  /** What a step before this one found out. */
  resultOf(step: string): Json | undefined;
  /** Takes away now what a step before this one acquired. False: it could not, and the end of the job tries again. */
  release(step: string): Promise<boolean>;
  /** Lanes that go no further, each with why. */
  lostLanes(): Readonly<Record<string, string>>;
  /** Told to those who watch, at most twice a second; `last`: at once, and it stays beside the step when it is done. */
  progress(progress: StepProgress, last?: boolean): void;
  /** A line for the log. */
  note(text: string): void;
  /** Waits, or returns at once when the job is aborted. */
  pause(ms: number): Promise<void>;
  /** Ends when the job is aborted. */
  readonly signal: AbortSignal;
}

export type StepEnd =
  /** `lost`: lanes that this step, which is everybody's, had to give up; the others go on. */
  | { readonly ok: true; readonly result?: Json; readonly lost?: Readonly<Record<string, string>> }
  /**
   * Clean words: what happened, on which host, what it means, what to do. `lost`: every lane that the step worked for, each with why;
   * they are the job's error then.
   */
  | {
      readonly ok: false;
      readonly message: string;
      readonly advice: string;
      readonly lost?: Readonly<Record<string, string>>;
    };
