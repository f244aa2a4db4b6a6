// Whether a server's InnoDB is fit for a seed: it can write, has its redo log, and was not started in recovery mode for
// damaged data. For a running server its variables tell; for one that is down, the options that its program would read.

import type { Side } from '../../request.ts';
import { type Finding, judging } from '../finding.ts';

/** A switch as a server reports it, or as option files write it. */
const isOn = (value: string | undefined) => value !== undefined && /^(1|ON|TRUE|YES)$/i.test(value);
const isOff = (value: string | undefined) => value !== undefined && /^(0|OFF|FALSE|NO)$/i.test(value);

export function innodbChecks(side: Side, role: 'donor' | 'target'): Finding[] {
  const { variables } = side.facts;
  const { refuse } = judging(side);
  const takeOut = (option: string) =>
    `take ${option} out of its options, restart the server (reseed restart ${side.host.name}), and seed again`;
  const recovery = variables.innodb_force_recovery ?? '0';
  const damaged =
    role === 'donor'
      ? 'its data may be damaged, and InnoDB leaves out what keeps it consistent'
      : 'new data would be started so too, and InnoDB would leave out what keeps it consistent';
  const off = isOn(variables.skip_innodb) ? 'skip_innodb' : isOff(variables.innodb) ? 'innodb = OFF' : undefined;
  return [
    ...(/^(0|OFF)$/i.test(recovery)
      ? []
      : [
          refuse(
            `innodb_force_recovery of ${side.host.name} is ${recovery}: ${damaged}`,
            takeOut('innodb_force_recovery'),
          ),
        ]),
    ...(isOn(variables.innodb_read_only)
      ? [
          refuse(
            `innodb_read_only of ${side.host.name} is ON: its InnoDB recovers and writes nothing`,
            takeOut('innodb_read_only'),
          ),
        ]
      : []),
    ...(off === undefined
      ? []
      : [refuse(`${side.host.name} has no InnoDB (${off}): a seed copies its files`, takeOut(off))]),
    ...(role === 'donor' && isOff(variables.innodb_redo_log_enabled)
      ? [
          refuse(
            `InnoDB's redo log of ${side.host.name} is switched off: a server does not start on a snapshot of it`,
            'ALTER INSTANCE ENABLE INNODB REDO_LOG; there',
          ),
        ]
      : []),
  ];
}
