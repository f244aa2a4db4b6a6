// Whether a MySQL target changes its source by itself after its seed as it did before (asynchronous connection failover). Pure.
import type { Kept } from '../../replica/kept/kept.ts';
import { failsOver } from '../../replica/kept/kept-failover.ts';
import type { Side } from '../../request.ts';
import { type Finding, judging } from '../finding.ts';

const lists = 'performance_schema.replication_asynchronous_connection_failover';

/** `byFile`: it will replicate by file and position. */
export function failoverChecks(target: Side, kept: Kept, byFile: boolean): Finding[] {
  const { refuse, warn } = judging(target);
  const { name } = target.host;
  const { failover = [], settings, losesFailover } = kept;
  return [
    ...failover.flatMap((one) =>
      'unknown' in one
        ? [
            refuse(
              `${one.words}: that can't be made again for certain`,
              `delete it on ${name}, and add it after the seed`,
            ),
          ]
        : [],
    ),
    ...(byFile && failsOver(settings)
      ? [
          refuse(
            `${name} changes its source by itself (SOURCE_CONNECTION_AUTO_FAILOVER), and would replicate by file and position: that needs GTIDs`,
            `switch it off on ${name}, or seed it from a donor with GTIDs`,
          ),
        ]
      : []),
    ...(losesFailover
      ? [
          warn(
            `${name} changes its source by itself (SOURCE_CONNECTION_AUTO_FAILOVER), and will not after the seed: before 8.0.27 its lists can't be made again`,
            `note down ${lists} on ${name}, and set it up anew after the seed`,
          ),
        ]
      : []),
  ];
}
