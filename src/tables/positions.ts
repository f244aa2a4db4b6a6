// Where a replica is, compared with the coordinates of a dump. Pure.
import { gtidsBeyond, gtidText, lacking, readGtidPosition, readGtidSet, without } from '../seed/replica/gtid-set.ts';
import type { ReplicationState } from '../seed/replica/source/replication-state.ts';

/** What a replica has applied, without transactions of its own, which no source has. */
export function appliedOf({ server, slaveGtid }: ReplicationState): string {
  if (server.vendor === 'mariadb') return slaveGtid;
  const own = server.serverUuid?.toLowerCase() ?? '';
  const kept = [...(readGtidSet(server.gtidExecuted) ?? new Map())].filter(([name]) => name.split(':')[0] !== own);
  return gtidText(new Map(kept));
}

/** Its own transactions; empty: none. A MariaDB's are in no position. */
export const ownOf = (state: ReplicationState): string =>
  state.server.vendor === 'mariadb' ? '' : gtidsBeyond(state.server.gtidExecuted, appliedOf(state));

/** What a donor has, for a replica to be brought to. */
export const givenOf = ({ server, ownGtid }: ReplicationState): string =>
  server.vendor === 'mariadb' ? ownGtid : server.gtidExecuted;

/** What `ahead` has and `behind` does not; empty: nothing. */
export function beyond(vendor: ReplicationState['server']['vendor'], ahead: string, behind: string): string {
  if (vendor !== 'mariadb') return gtidText(without(readGtidSet(ahead) ?? new Map(), readGtidSet(behind) ?? new Map()));
  const count = lacking(readGtidPosition(ahead) ?? new Map(), readGtidPosition(behind) ?? new Map());
  return count === 0 ? '' : `${count} transactions up to ${ahead}`;
}
