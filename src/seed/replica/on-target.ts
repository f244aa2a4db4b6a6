// What every step of an attachment is called, and where it runs.
import type { AttachPlan } from './plan.ts';

/** `attach db3`, in the lane of db3. */
export function onTarget({ target: { name } }: Pick<AttachPlan, 'target'>, what: string) {
  return { name: `${what} ${name}`, host: name, lane: name };
}
