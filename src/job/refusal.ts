// What a planner answers: a plan, or why there is none. Nothing has happened on any host when there is none.
import type { Plan } from './plan.ts';

export type Planned =
  | { readonly ok: true; readonly plan: Plan }
  /** Clean words: what stands in the way, on which host; and what would make it possible. */
  | { readonly ok: false; readonly message: string; readonly advice: string };

export const refusal = (message: string, advice: string): Extract<Planned, { ok: false }> => ({
  ok: false,
  message,
  advice,
});
