// A kind of step, as one object: its plan, its input, its work and its result. The objects are one a file in
// src/service, src/snapshot, src/clean and src/seed, with lock-step.ts here.

import { type ZodType, z } from 'zod';
import type { RemoteFailure } from '../../remote/failure.ts';
import type { ExecResult } from '../../remote/remote.ts';
import type { JobRecord, StepProgress } from '../journal/record.ts';
import type { Relays } from '../runner/relays.ts';
import type { Acquisition, Json, PlannedCommand, PlannedStep } from './plan.ts';
import { PlanFault } from './plan-fault.ts';

/**
 * The work of a step. It is run again after a runner that died in the middle of it, so it has to check what exists
 * already: run twice is run once.
 */
export type StepWork<Input = unknown, Result = unknown> = (tools: StepTools<Input>) => Promise<StepEnd<Result>>;

/** A kind of step, as the runner uses it, and as other steps refer to it to read its result. */
export interface StepDefinition<Result = unknown> {
  /** Its name in plans. It must not change, or older plans can't be read any more. */
  readonly kind: string;
  /** Checked before the step runs: an input that does not fit is not run. */
  readonly input: ZodType;
  /** Its result: checked when it is recorded, and when another step reads it. */
  readonly result: ZodType<Result>;
  readonly run: StepWork;
}

/** A kind of step that plans can contain. */
export interface StepKind<Request, Result> extends StepDefinition<Result> {
  /** The step for a plan. */
  plan(request: Request): PlannedStep;
}

/** A kind's plan for a request. `Key`: the keys of its own commands; one of them releases its resource. */
interface StepPlan<Input, Key extends string>
  extends Omit<PlannedStep, 'work' | 'stage' | 'input' | 'commands' | 'acquires' | 'lane'> {
  readonly lane?: string | undefined;
  readonly input: Input;
  readonly commands: { readonly [key in Key]?: PlannedCommand };
  readonly acquires?: (Acquisition & { readonly release: NoInfer<Key> }) | undefined;
}

interface Defined<Request, Schema extends ZodType, Result, Key extends string> {
  readonly kind: string;
  /** The stage of a job that its steps belong to; absent: none, or the plan tells. */
  readonly stage?: string;
  readonly input: Schema;
  readonly result: ZodType<Result>;
  readonly plan: (request: Request) => StepPlan<z.input<Schema>, Key>;
  readonly run: StepWork<z.output<Schema>, Result>;
}

/** If a planned input does not fit its own schema, running it is a PlanFault. */
export function defineStep<Request, Schema extends ZodType, Result, Key extends string>(
  defined: Defined<Request, Schema, Result, Key>,
): StepKind<Request, Result> {
  const { kind, stage, input, result, run } = defined;
  return {
    kind,
    input,
    result,
    plan: (request) => {
      const { lane, acquires, ...rest } = defined.plan(request);
      return {
        ...rest,
        work: kind,
        ...(stage !== undefined && { stage }),
        input: rest.input as PlannedStep['input'],
        commands: rest.commands as PlannedStep['commands'],
        ...(lane !== undefined && { lane }),
        ...(acquires && { acquires: { isOwed: false, ...acquires } }),
      };
    },
    run: (tools) => {
      const read = input.safeParse(tools.step.input);
      if (!read.success) throw new PlanFault(`its input is not what the step reads: ${issueText(read.error)}`);
      return run({ ...tools, input: read.data });
    },
  };
}

/** For a step that needs no input; and for one without a result. */
export const noInput = z.strictObject({});
export const noResult = z.undefined();

/** `targets: expected array`: the first error. */
export function issueText({ issues: [issue] }: z.ZodError): string {
  return issue ? [issue.path.join('.'), issue.message].filter((words) => words !== '').join(': ') : '';
}

/** Every kind of step, by its name in plans. */
export type StepWorks = Readonly<Record<string, StepDefinition>>;

export function worksOf(definitions: readonly StepDefinition[]): StepWorks {
  const works = Object.fromEntries(definitions.map((one) => [one.kind, one]));
  if (Object.keys(works).length !== definitions.length) throw new Error('two kinds of steps have the same name');
  return works;
}

export interface RunOptions {
  /** Use the command for this target, not the step's own. */
  readonly target?: string;
  readonly stdin?: string;
  /** The command only looks, repeatedly: it is recorded the first time, and when it fails. */
  readonly again?: boolean;
  /** With its words as they are now (`wordsNow`), not as planned. */
  readonly asChanged?: boolean;
}

export interface StepTools<Input = unknown> {
  readonly step: PlannedStep;
  /** `step.input`, with the type of its definition. */
  readonly input: Input;
  /** The job's key, which marks what the step makes. */
  readonly jobKey: string;
  /** Runs a command of the step's plan, by its key. It is recorded in journal and log however it ends, without `stdin`. */
  run(key: string, options?: RunOptions): Promise<ExecResult | RemoteFailure>;
  /**
   * The words of the step's command of that key as they last ran in this job, where the operator may have changed them
   * since the plan (job limit); as planned, if it has not run.
   */
  wordsNow(key: string): readonly string[];
  /**
   * The result of the step of that kind; `at`: its host or its lane, where the plan has several. undefined: the plan
   * has no such step, or it has no result yet. Throws a PlanFault if the result does not fit the kind's schema.
   */
  resultOf<Result>(of: Pick<StepDefinition<Result>, 'kind' | 'result'>, at?: string): Result | undefined;
  /** The results of all steps of that kind, by step name. */
  resultsOf<Result>(of: Pick<StepDefinition<Result>, 'kind' | 'result'>): ReadonlyMap<string, Result>;
  /** Releases an earlier step's resource now, by the step's name. Returns false on failure; the end of the job retries. */
  release(step: string): Promise<boolean>;
  /** The job as the journal has it now. */
  record(): JobRecord;
  /** Failed lanes, each with the reason. */
  lostLanes(): Readonly<Record<string, string>>;
  /** Reports progress to watchers, at most twice a second. `last`: at once, and it stays beside the finished step. */
  progress(progress: StepProgress, last?: boolean): void;
  /** Adds a line to the log. */
  note(text: string): void;
  /** Waits, but returns at once when the job is aborted. */
  pause(ms: number): Promise<void>;
  /** Aborts when the job is aborted. */
  readonly signal: AbortSignal;
  /** The runner's relays, through this machine. */
  readonly relays: Relays;
}

/**
 * Clean text: what happened, on which host, what it means, what to do. `lost`: every lane that the step worked for,
 * each with the reason; these are then the job's error.
 */
export interface FailedStep {
  readonly ok: false;
  readonly message: string;
  readonly advice: string;
  readonly lost?: Readonly<Record<string, string>>;
  /** Of a lock: it is another job's. */
  readonly isOthers?: true;
}

export type StepEnd<Result = undefined> =
  /** `lost`: lanes that failed in this shared step; the others go on. */
  { readonly ok: true; readonly result?: Result; readonly lost?: Readonly<Record<string, string>> } | FailedStep;

/** A result in the journal's type. */
export const asJson = (result: unknown): Json => result as Json;
