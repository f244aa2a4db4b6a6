// The name, host and lane of every step of an attachment.
import type { ServerPlan } from './plan.ts';

/** `attach db3`, in the lane of db3. */
export function onTarget({ target: { name } }: Pick<ServerPlan, 'target'>, what: string) {
  return { name: `${what} ${name}`, host: name, lane: name };
}
