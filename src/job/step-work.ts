// What a step's work is given, and what it answers. The works themselves are in src/service, src/snapshot and src/seed.

import type { ZodType } from 'zod';
import type { RemoteFailure } from '../remote/failure.ts';
import type { ExecResult } from '../remote/remote.ts';
import type { Json, PlannedStep } from './plan.ts';
import { PlanFault } from './plan-fault.ts';
import type { StepProgress } from './record.ts';

/**
 * The work of a step. It is run again after a runner that died in the middle of it, so it has to find out what stands already:
 * run twice is run once.
 */
export type StepWork<Input = unknown> = (tools: StepTools<Input>) => Promise<StepEnd>;

/** One kind of steps: what its plan has to give it, and what it does. */
export interface StepDefinition {
  /** Read at the runner's door: what does not fit it is not run. */
  readonly input: ZodType;
  readonly run: StepWork;
}

/** By the names that plans have for them. */
export type StepWorks = Readonly<Record<string, StepDefinition>>;

/** Binds a work to the shape of its input. What was planned otherwise is a PlanFault when it is run. */
export function defineStep<Input>(input: ZodType<Input>, run: StepWork<Input>): StepDefinition {
  return {
    input,
    run: (tools) => {
      const read = input.safeParse(tools.step.input);
      if (!read.success) throw new PlanFault(`its input is not what the step reads: ${read.error.issues[0]?.message}`);
      return run({ ...tools, input: read.data });
    },
  };
}

export interface RunOptions {
  readonly stdin?: string;
  /** It only looks, again and again: written down the first time, and when it fails. */
  readonly again?: boolean;
}

export interface StepTools<Input = unknown> {
  readonly step: PlannedStep;
  /** `step.input`, as its definition has it. */
  readonly input: Input;
  /** The job's, to mark what is made. */
  readonly jobKey: string;
  /** Runs a command of the step's plan, by its key. Journalled and logged, whatever its end. `stdin` is neither. */
  run(key: string, options?: RunOptions): Promise<ExecResult | RemoteFailure>;
  /** What a step before this one found out. */
  resultOf(step: string): Json | undefined;
  /** Takes away now what a step before this one acquired. False: it could not, and the end of the job tries again. */
  release(step: string): Promise<boolean>;
  /** Lanes that were given up, each with why. */
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
