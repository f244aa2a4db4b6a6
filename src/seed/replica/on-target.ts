// The name, host and lane of every step of an attachment.
import type { AttachPlan } from './plan.ts';

/** `attach db3`, in the lane of db3. */
export function onTarget({ target: { name } }: Pick<AttachPlan, 'target'>, what: string) {
  return { name: `${what} ${name}`, host: name, lane: name };
}
