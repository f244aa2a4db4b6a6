// A kind of step, as one object: what its plan has, what it is given, what it does and what it finds out. The objects stand one a file in
// src/service, src/snapshot, src/clean and src/seed, with lock-step.ts here.

import { type ZodType, z } from 'zod';
import type { RemoteFailure } from '../../remote/failure.ts';
import type { ExecResult } from '../../remote/remote.ts';
import type { StepProgress } from '../journal/record.ts';
import type { Relays } from '../runner/relays.ts';
import type { Acquisition, Json, PlannedCommand, PlannedStep } from './plan.ts';
import { PlanFault } from './plan-fault.ts';

/**
 * The work of a step. It is run again after a runner that died in the middle of it, so it has to find out what stands already:
 * run twice is run once.
 */
export type StepWork<Input = unknown, Result = unknown> = (tools: StepTools<Input>) => Promise<StepEnd<Result>>;

/** A kind of step, as the runner has it, and as those refer to it who read what it found out. */
export interface StepDefinition<Result = unknown> {
  /** What plans call it: never changed, or older plans are not read any more. */
  readonly kind: string;
  /** Read at the runner's door: what does not fit it is not run. */
  readonly input: ZodType;
  /** What it finds out: read when it is written down, and when another step reads it. */
  readonly result: ZodType<Result>;
  readonly run: StepWork;
}

/** A kind of step that plans are made of. */
export interface StepKind<Request, Result> extends StepDefinition<Result> {
  /** The step, as a plan has it. */
  plan(request: Request): PlannedStep;
}

/** What a kind plans for a request. `Key`: those of its own commands; what it acquires is taken away by one of them. */
interface StepPlan<Input, Key extends string>
  extends Omit<PlannedStep, 'work' | 'input' | 'commands' | 'acquires' | 'lane'> {
  readonly lane?: string | undefined;
  readonly input: Input;
  readonly commands: { readonly [key in Key]?: PlannedCommand };
  readonly acquires?: (Acquisition & { readonly release: NoInfer<Key> }) | undefined;
}

interface Defined<Request, Schema extends ZodType, Result, Key extends string> {
  readonly kind: string;
  readonly input: Schema;
  readonly result: ZodType<Result>;
  readonly plan: (request: Request) => StepPlan<z.input<Schema>, Key>;
  readonly run: StepWork<z.output<Schema>, Result>;
}

/** What it was planned with, where it does not fit its own schema, is a PlanFault when it is run. */
export function defineStep<Request, Schema extends ZodType, Result, Key extends string>(
  defined: Defined<Request, Schema, Result, Key>,
): StepKind<Request, Result> {
  const { kind, input, result, run } = defined;
  return {
    kind,
    input,
    result,
    plan: (request) => {
      const { lane, acquires, ...rest } = defined.plan(request);
      return {
        ...rest,
        work: kind,
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

/** Of a step that needs to know nothing beside its commands; and of one that finds out nothing. */
export const noInput = z.strictObject({});
export const noResult = z.undefined();

/** `targets: expected array`: the first thing that does not fit. */
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
  /** Of the commands for this target, and not of the step's own. */
  readonly target?: string;
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
  /**
   * What the step of that kind found out; `at`: its host or its lane, where the plan has several. undefined: the plan has none, or it found
   * out nothing yet. Throws a PlanFault where it does not fit the kind's schema.
   */
  resultOf<Result>(of: Pick<StepDefinition<Result>, 'kind' | 'result'>, at?: string): Result | undefined;
  /** The same of all steps of that kind, by their names. */
  resultsOf<Result>(of: Pick<StepDefinition<Result>, 'kind' | 'result'>): ReadonlyMap<string, Result>;
  /** Takes away now what a step before this one acquired, by its name. False: it could not, and the end of the job tries again. */
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
  /** The runner's, through this machine. */
  readonly relays: Relays;
}

/**
 * Clean words: what happened, on which host, what it means, what to do. `lost`: every lane that the step worked for, each with why;
 * they are the job's error then.
 */
export interface FailedStep {
  readonly ok: false;
  readonly message: string;
  readonly advice: string;
  readonly lost?: Readonly<Record<string, string>>;
}

export type StepEnd<Result = undefined> =
  /** `lost`: lanes that this step, which is everybody's, had to give up; the others go on. */
  { readonly ok: true; readonly result?: Result; readonly lost?: Readonly<Record<string, string>> } | FailedStep;

/** A result as the journal has it. */
export const asJson = (result: unknown): Json => result as Json;
