// The operator's own commands in a seed: those that are not supported yet, and the one after the copy.

import { customText, stepCommandAt } from '../../custom/named.ts';
import { commandDifferences } from '../../host/server/commands.ts';
import type { Side } from '../request.ts';
import { type Finding, judging } from './finding.ts';

const settings = {
  donor: ['seed', 'snapshot'],
  target: ['seed'],
} as const;

export function inventoryChecks(side: Side, role: keyof typeof settings): Finding[] {
  const decisive: readonly string[] = settings[role];
  const { pass, warn, refuse } = judging(side);
  const afterCopy = role === 'target' ? stepCommandAt(side.host, 'afterCopy') : undefined;
  return [
    ...side.host.notDone
      .filter(({ setting }) => decisive.includes(setting))
      .map(({ what, instead }) => refuse(what, instead)),
    ...(role === 'target' ? serviceChecks(side) : []),
    ...commandDifferences(side.report).map((text) => warn(text)),
    ...(afterCopy ? [pass(`commands.afterCopy, before its server starts: ${customText(afterCopy, side.host)}`)] : []),
  ];
}

/**
 * A target's server must not start before its data is proved, and then with options of the job; the server of a donor
 * that is down must not start during the copy, and is started after it: systemd alone sees to that.
 */
export function serviceChecks(side: Side): Finding[] {
  return ['start', 'stop', 'restart']
    .filter((name) => stepCommandAt(side.host, name))
    .map((name) =>
      judging(side).refuse(
        `commands.${name} can't be used in a seed, which stops and starts the server by its unit`,
        'take it out for the seed',
      ),
    );
}
