// A job's plan, as data: which hosts, which steps, which commands to the last byte. What a preview shows is what runs: a step
// can run the commands of its plan by their keys, and no others.
//
// Lives in this room: plans, the journal (journal.ts), the process that carries a plan out (runner.ts, release.ts), its log, and
// who is told of it. It knows neither MySQL nor LVM: what steps do is in src/service, src/snapshot and src/seed.
import type { ScriptName } from '../../scripts/script.ts';

export interface Plan {
  /** `snapshot`, `start`, `seed`: what the list of jobs is filtered by. */
  readonly kind: string;
  /** One line, clean: `snapshot db1`. */
  readonly title: string;
  /** Every host that a step works on. */
  readonly hosts: readonly string[];
  readonly steps: readonly PlannedStep[];
  /** What is lost for good, a sentence each, with sizes. Empty: nothing. */
  readonly destroys: readonly string[];
}

export interface PlannedStep {
  /** Unlike every other of the plan. */
  readonly name: string;
  /** What the operator reads: `take the snapshot on db1`. */
  readonly title: string;
  readonly host: string;
  /**
   * One of several targets that a job works on side by side: where a step of a lane fails, the steps of the other lanes go on.
   * Absent: the step is everybody's, and the job ends where it fails.
   */
  readonly lane?: string;
  /** What it makes is gone when its host starts again: each runner of the job runs it anew. */
  readonly volatile?: true;
  /** Which kind of step it is (step-work.ts). */
  readonly work: string;
  /** What the work needs to know beside its commands. */
  readonly input: Readonly<Record<string, Json>>;
  readonly commands: Commands;
  /** Those for each target, by the name of its host: no host's name can be taken for a key. */
  readonly targetCommands?: Readonly<Record<string, Commands>>;
  /** Scripts that its work runs on this machine, beside those of its commands. */
  readonly scripts?: readonly ScriptName[];
  readonly acquires?: Acquisition;
}

/** By keys. */
export type Commands = Readonly<Record<string, PlannedCommand>>;

/** Of a step that is everybody's, those for each target too. */
export const commandsOf = ({ commands, targetCommands = {} }: PlannedStep): PlannedCommand[] =>
  [commands, ...Object.values(targetCommands)].flatMap((each) => Object.values(each));

/** A script of src/scripts on a host. Secrets are never in `args`: they go by standard input. */
export interface PlannedCommand {
  readonly host: string;
  readonly script: ScriptName;
  readonly args: readonly string[];
  readonly deadlineMs: number;
  /** A script that this one is given on its standard input, after what else it reads: the work of a unit (unit.sh start). */
  readonly program?: { readonly script: ScriptName; readonly args: readonly string[] };
}

/** What a step leaves standing on a host. It is journalled before the step runs. */
export interface Acquisition {
  /** `snapshot vg0/reseed-17-9f3a on db1`, clean. */
  readonly what: string;
  /** The key of the step's command that takes it away. It does nothing where there is nothing to take away. */
  readonly release: string;
  /**
   * `keep`: it is what the job was for. `over`: by the end of the job it is no more, and nothing has to be done for that. A job
   * that fails or is aborted releases it all the same.
   */
  readonly whenDone: 'release' | 'keep' | 'over';
  /**
   * A restart that the host is owed, and no thing that stands there: released, it is no longer due. Absent: the plan of a build that did not
   * write it down (owed.ts).
   */
  readonly isOwed?: boolean;
}

export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };
