// What keeps rows out of a host's own binary log. A MySQL logs what it left out as an empty transaction under its GTID: applied elsewhere, it would hide for
// good that the rows are lacking. Its relay logs have them. Pure.
import type { ReplicationState } from '../seed/replica/source/replication-state.ts';

/** `Replicate_Ignore_DB audit`, `binlog_ignore_db audit`, `replica_skip_errors 1062`. */
export function thinnedBy({ channel, further, leftOut = [], passedOver = [] }: ReplicationState): string[] {
  const channels = [...(channel ? [channel] : []), ...further.map((one) => one.channel)];
  return [...new Set([...channels.flatMap(({ filters = [] }) => filters), ...leftOut, ...passedOver])];
}
