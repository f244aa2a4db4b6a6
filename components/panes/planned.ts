// The recoveries that rules have planned, beside the alerts of their hosts. Pure.
import type { PlannedRecovery } from '../../src/schedule/picture.ts';
import type { ShownAlert } from './alert-lines.ts';

type Planned = readonly PlannedRecovery[] | undefined;

/** With the key that shows the plan. */
export function withPlanned(
  left: ReadonlyMap<string, readonly ShownAlert[]>,
  planned: Planned,
): ReadonlyMap<string, readonly ShownAlert[]> {
  const all = new Map(left);
  for (const { host, text, recovery } of planned ?? [])
    all.set(host, [{ level: 'warning', text: recovery ? `R: ${text}` : text }, ...(all.get(host) ?? [])]);
  return all;
}

/** The plan of a host, if a rule has made one. */
export const recoveryOf = (planned: Planned, name: string) =>
  planned?.find(({ host, recovery }) => host === name && recovery !== undefined)?.recovery;
