// What a planner answers: a plan, or why there is none. Nothing has happened on any host when there is none.
import type { Plan, PlannedStep } from './plan.ts';

export type Planned =
  | { readonly ok: true; readonly plan: Plan }
  /** Clean words: what stands in the way, on which host; and what would make it possible. */
  | {
      readonly ok: false;
      readonly message: string;
      readonly advice: string;
      /** What was asked for is so already: no failure. */
      readonly nothingToDo?: true;
      /** The lock that a plan would have begun with: a job that has it says more of the host than this refusal. */
      readonly lock?: PlannedStep;
    };

/** What may not be changed at all is refused in the same words by every planner and verb. */
export function readOnlyRefusal({ name, readOnly }: { readonly name: string; readonly readOnly: boolean }) {
  return readOnly ? refusal(`${name} is read-only in the inventory`, 'set readOnly: false to allow it') : undefined;
}

interface NotDoneOn {
  readonly name: string;
  readonly notDone: readonly { readonly setting: string; readonly what: string; readonly instead: string }[];
}

/** What the inventory asks for and reseed does not do yet: `settings` of it would decide what is planned here. */
export function notDoneRefusal({ name, notDone }: NotDoneOn, settings: readonly string[]) {
  const [first] = notDone.filter(({ setting }) => settings.includes(setting));
  return first && refusal(`${name}: ${first.what}`, first.instead);
}

export const refusal = (message: string, advice: string): Extract<Planned, { ok: false }> => ({
  ok: false,
  message,
  advice,
});
