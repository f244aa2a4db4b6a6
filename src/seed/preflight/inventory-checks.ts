// The operator's own commands in a seed: those that are not supported yet, and the one after the copy.

import { customText, stepCommandAt } from '../../custom/named.ts';
import type { Side } from '../request.ts';
import { type Finding, judging } from './finding.ts';

const settings = {
  donor: ['seed', 'snapshot'],
  // The target's server is stopped and started.
  target: ['seed', 'start', 'stop', 'restart'],
} as const;

export function inventoryChecks(side: Side, role: keyof typeof settings): Finding[] {
  const decisive: readonly string[] = settings[role];
  const { pass, refuse } = judging(side);
  const afterCopy = role === 'target' ? stepCommandAt(side.host, 'afterCopy') : undefined;
  return [
    ...side.host.notDone
      .filter(({ setting }) => decisive.includes(setting))
      .map(({ what, instead }) => refuse(what, instead)),
    ...(afterCopy ? [pass(`commands.afterCopy, before its server starts: ${customText(afterCopy, side.host)}`)] : []),
  ];
}
