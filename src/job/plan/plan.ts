// A job's plan, as data: its hosts, its steps, and the exact commands. What a preview shows is what runs: a step can
// run the commands of its plan by their keys, and no others.
//
// This room has plans, the journal (journal.ts), the process that carries a plan out (runner.ts, release.ts), its log,
// and the operator's identity (who.ts). It knows neither MySQL nor LVM: what steps do is in src/service, src/snapshot
// and src/seed.
import type { ScriptName } from '../../scripts/script.ts';

export interface Plan {
  /** `snapshot`, `start`, `seed`: the list of jobs can be filtered by it. */
  readonly kind: string;
  /** One line, clean: `snapshot db1`. */
  readonly title: string;
  /** Every host of its steps. */
  readonly hosts: readonly string[];
  readonly steps: readonly PlannedStep[];
  /** What is lost for good, a sentence each, with sizes. Empty: nothing. */
  readonly destroys: readonly string[];
  /** Run once after the undo of a job that did not end well, whatever ended it. They change nothing about its end. */
  readonly onFailure?: readonly PlannedStep[];
  /** Run once where all steps of all lanes succeeded, after the releases. They change nothing about its end either. */
  readonly onSuccess?: readonly PlannedStep[];
}

type WithLastSteps = Pick<Plan, 'steps' | 'onFailure' | 'onSuccess'>;

/** Those of the job's end, of which it runs some at most. */
export const lastSteps = ({ onSuccess = [], onFailure = [] }: WithLastSteps): readonly PlannedStep[] => [
  ...onSuccess,
  ...onFailure,
];

export const everyStep = (plan: WithLastSteps): readonly PlannedStep[] => [...plan.steps, ...lastSteps(plan)];

export interface PlannedStep {
  /** Unique in the plan. */
  readonly name: string;
  /** For the operator: `take the snapshot on db1`. */
  readonly title: string;
  readonly host: string;
  /**
   * One of several targets that a job works on at the same time: where a step of a lane fails, the steps of the other
   * lanes go on. Absent: the step is shared by all lanes, and the job ends where it fails.
   */
  readonly lane?: string;
  /** What it makes is lost when its host restarts, so each runner of the job runs it again. */
  readonly volatile?: true;
  /** The kind of the step (step-work.ts). */
  readonly work: string;
  /** The stage of the job that it belongs to, where hooks run: `copy`. Absent: none. */
  readonly stage?: string;
  /** What the work needs to know besides its commands. */
  readonly input: Readonly<Record<string, Json>>;
  readonly commands: Commands;
  /** The commands for each target, by the name of its host, so that no host's name can be taken for a key. */
  readonly targetCommands?: Readonly<Record<string, Commands>>;
  /** Scripts that its work runs on this machine, besides those of its commands. */
  readonly scripts?: readonly ScriptName[];
  readonly acquires?: Acquisition;
}

/** By key. */
export type Commands = Readonly<Record<string, PlannedCommand>>;

/** All commands of a step; for a shared step also those for each target. */
export const commandsOf = ({ commands, targetCommands = {} }: PlannedStep): PlannedCommand[] =>
  [commands, ...Object.values(targetCommands)].flatMap((each) => Object.values(each));

/** A script of src/scripts on a host. Secrets are never in `args`: they are passed by standard input. */
export interface PlannedCommand {
  readonly host: string;
  readonly script: ScriptName;
  readonly args: readonly string[];
  readonly deadlineMs: number;
  /** A script that this one reads from its standard input, after its other input: the work of a unit (unit.sh start). */
  readonly program?: { readonly script: ScriptName; readonly args: readonly string[] };
}

/** A resource that a step makes on a host. It is recorded in the journal before the step runs. */
export interface Acquisition {
  /** `snapshot vg0/reseed-17-9f3a on db1`, clean. */
  readonly what: string;
  /** The key of the step's command that releases it. The command does nothing if there is nothing to release. */
  readonly release: string;
  /**
   * `keep`: it is the purpose of the job. `over`: by the end of the job it no longer exists, without a command. A job
   * that fails or is aborted releases it in any case.
   */
  readonly whenDone: 'release' | 'keep' | 'over';
  /**
   * A restart that the host still needs, and no resource on it: released means no longer needed. Absent: the plan of a
   * build that did not record this (owed.ts).
   */
  readonly isOwed?: boolean;
}

export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };
