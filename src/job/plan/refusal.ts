// The answer of a planner: a plan, or why there is none. Without a plan nothing has happened on any host.
import type { Plan, PlannedStep } from './plan.ts';

export type Planned =
  | { readonly ok: true; readonly plan: Plan }
  /** Clean text: the reason, with its host; and what would make a plan possible. */
  | {
      readonly ok: false;
      readonly message: string;
      readonly advice: string;
      /** The requested state is already there: no failure. */
      readonly nothingToDo?: true;
      /** The lock that the plan would have begun with: if a job holds it, that job explains more than this refusal. */
      readonly lock?: PlannedStep;
    };

/** Every planner and verb refuses a read-only host with the same words. */
export function readOnlyRefusal({ name, readOnly }: { readonly name: string; readonly readOnly: boolean }) {
  return readOnly ? refusal(`${name} is read-only in the inventory`, 'set readOnly: false to allow it') : undefined;
}

interface NotDoneOn {
  readonly name: string;
  readonly notDone: readonly { readonly setting: string; readonly what: string; readonly instead: string }[];
}

/** Refuses if one of these `settings`, which reseed does not support yet, would decide the plan. */
export function notDoneRefusal({ name, notDone }: NotDoneOn, settings: readonly string[]) {
  const [first] = notDone.filter(({ setting }) => settings.includes(setting));
  return first && refusal(`${name}: ${first.what}`, first.instead);
}

export const refusal = (message: string, advice: string): Extract<Planned, { ok: false }> => ({
  ok: false,
  message,
  advice,
});
