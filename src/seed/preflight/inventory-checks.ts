// Settings of the inventory that a seed does not support yet: the operator's own commands.

import type { Side } from '../request.ts';
import { type Finding, judging } from './finding.ts';

const settings = {
  donor: ['seed', 'snapshot'],
  // The target's server is stopped and started.
  target: ['seed', 'start', 'stop', 'restart'],
} as const;

export function inventoryChecks(side: Side, role: keyof typeof settings): Finding[] {
  const decisive: readonly string[] = settings[role];
  const { refuse } = judging(side);
  return side.host.notDone
    .filter(({ setting }) => decisive.includes(setting))
    .map(({ what, instead }) => refuse(what, instead));
}
