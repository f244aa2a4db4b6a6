// A hook of a plan, before it is a step.
import type { HookInput } from './outcome.ts';

export interface PlannedHook {
  /** Of its step: unique in the plan. */
  readonly name: string;
  readonly title: string;
  readonly lane: string | undefined;
  readonly input: HookInput;
  /** The program and its arguments. */
  readonly words: readonly string[];
}
